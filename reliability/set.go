package reliability

import "github.com/saidi-exporter/saidi/outage"

// An IndexSet says what an index counts: which natures and bands, on which
// days, and on which day it is booked. SAIDI, SAIFI and CAIDI of a set all
// count that set. Sets are data; [Sets] lists the known ones.
type IndexSet struct {
	ID string
	// Counts says whether interruptions of a nature and band count.
	Counts func(n outage.Nature, b Band, bands Bands) bool
	// StartDay books all time on the day on which the outage started, as IEEE
	// Std 1366 does; otherwise time falls on the days on which it passes.
	StartDay bool
	// ExceptMajor leaves major event days out.
	ExceptMajor bool
}

// AnyLength says whether the set counts an interruption however short it is.
func (s IndexSet) AnyLength(bands Bands) bool {
	for n := range outage.NatureCount {
		for b := Band(1); b < BandCount; b++ {
			if s.Counts(outage.Nature(n), b, bands) != s.Counts(outage.Nature(n), 0, bands) {
				return false
			}
		}
	}
	return true
}

// The ids of the index sets.
const (
	SAIDI1    = "saidi-1"     // everything (全口径)
	SAIDI2    = "saidi-2"     // without what others caused (外部影响)
	SAIDI3    = "saidi-3"     // without curtailment for want of generation (系统电源不足限电)
	SAIDI4    = "saidi-4"     // without momentary interruptions (短时停电)
	SAIDIS    = "saidi-s"     // the pre-arranged part (预安排)
	SAIDIF    = "saidi-f"     // the fault part (故障)
	SAIDIU    = "saidi-u"     // the part of unknown nature; s + f + u = 1
	IEEE      = "ieee"        // sustained interruptions of IEEE Std 1366, booked on the day they start
	IEEEExMED = "ieee-ex-med" // the same without major event days
)

// Sets lists the known index sets in the order in which they are shown
// (DL/T 836 for saidi-*, IEEE Std 1366 for ieee*).
func Sets() []IndexSet {
	sustained := func(_ outage.Nature, b Band, bands Bands) bool { return bands.IsSustained(b) }
	byNature := func(counts func(outage.Nature) bool) func(outage.Nature, Band, Bands) bool {
		return func(n outage.Nature, _ Band, _ Bands) bool { return counts(n) }
	}
	return []IndexSet{
		{ID: SAIDI1, Counts: byNature(func(outage.Nature) bool { return true })},
		{ID: SAIDI2, Counts: byNature(func(n outage.Nature) bool { return n != outage.FaultExternal })},
		{ID: SAIDI3, Counts: byNature(func(n outage.Nature) bool { return n != outage.CurtailGeneration })},
		{ID: SAIDI4, Counts: func(_ outage.Nature, b Band, bands Bands) bool { return !bands.IsMomentary(b) }},
		{ID: SAIDIS, Counts: byNature(outage.Nature.PreArranged)},
		{ID: SAIDIF, Counts: byNature(outage.Nature.Fault)},
		{ID: SAIDIU, Counts: byNature(func(n outage.Nature) bool { return n == outage.Unknown })},
		{ID: IEEE, Counts: sustained, StartDay: true},
		{ID: IEEEExMED, Counts: sustained, StartDay: true, ExceptMajor: true},
	}
}

// SetByID finds a known index set.
func SetByID(id string) (IndexSet, bool) {
	for _, s := range Sets() {
		if s.ID == id {
			return s, true
		}
	}
	return IndexSet{}, false
}
