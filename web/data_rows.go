package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A dataRows is what became of all rows, in counts that add up.
type dataRows struct {
	Read  string
	Parts []fact // that add up to what was read
	Sum   string // the addition
	Other []string
}

// dataRows adds up what became of the rows of all files.
func (t *teller) dataRows(s *snapshot.Snapshot) *dataRows {
	words := []string{t.Say("rows.accepted"), t.Say("rows.rejected"), t.Say("rows.duplicate"), t.Say("rows.superseded"), t.Say("rows.cancelled"), t.Say("rows.skipped"), t.Say("rows.excluded")}
	sums, read := make([]int64, len(words)), int64(0)
	for i := range s.Provenance.Inputs {
		f := &s.Provenance.Inputs[i]
		read += int64(f.Rows)
		for k, n := range []int{f.Accepted, f.Rejected, f.Duplicate, f.Superseded, f.Cancelled, f.Skipped, f.Excluded} {
			sums[k] += int64(n)
		}
	}
	x := &dataRows{Read: count(read), Other: t.dataLosses(&s.Quality)}
	var parts []string
	for k, n := range sums {
		x.Parts = append(x.Parts, fact{words[k], count(n)})
		parts = append(parts, count(n))
	}
	x.Sum = x.Read + " = " + strings.Join(parts, " + ")
	return x
}

// dataLosses says what is not in the numbers although its rows count, and what
// shares rest on less than they should.
func (t *teller) dataLosses(q *snapshot.Quality) []string {
	var all []string
	if q.PendingEvents > 0 {
		all = append(all, t.Say("quality.pending", q.PendingEvents))
	}
	if q.OverBase > 0 {
		all = append(all, t.Say("quality.over-base", q.OverBase.Float()/3600))
	}
	if q.OverlapExcess > 0 {
		all = append(all, t.Say("quality.overlap", q.OverlapExcess.Float()/3600))
	}
	if q.NoOutage > 0 {
		all = append(all, t.Say("quality.no-outage", q.NoOutage))
	}
	if q.SplitShare > 0 {
		all = append(all, t.Say("quality.split", q.SplitShare*100))
	}
	if q.UnknownNatureShare > 0 {
		all = append(all, t.Say("quality.unknown-nature", q.UnknownNatureShare*100))
	}
	if q.UnknownFeederShare > 0 {
		all = append(all, t.Say("quality.unknown-feeder", q.UnknownFeederShare*100))
	}
	return all
}

// A dataRejected is the rows that could not be counted.
type dataRejected struct {
	Reasons []dataReason
	Rows    []dataReject // the first of them
	Caption string
	CSV     string // link to all
}

// A dataReason is how many rows a reason is of, and what to do.
type dataReason struct{ Count, Reason, Advice string }

// A dataReject is one row that could not be counted.
type dataReject struct{ Where, Event, Column, Value, Reason, Advice string }

// rejectsShown is how many rejected rows the page lists.
const rejectsShown = 50

func (t *teller) dataRejected(s *snapshot.Snapshot) *dataRejected {
	x := &dataRejected{CSV: t.link("/api/v1/rejected", "format", "csv", "lang", string(t.Language))}
	for _, reason := range byCount(s.Quality.RejectedReasons) {
		n := s.Quality.RejectedReasons[reason]
		x.Reasons = append(x.Reasons, dataReason{count(int64(n)), t.Word(wording.Rejection, reason), t.Word(wording.Advice, reason)})
	}
	for i := range s.Rejects[:min(len(s.Rejects), rejectsShown)] {
		r := &s.Rejects[i]
		x.Rows = append(x.Rows, dataReject{
			t.Origin(r.Path, r.Sheet, r.Row, r.Delivery), orAbsent(r.EventID), orAbsent(t.fieldName(r.Column)), orAbsent(r.Value), t.Word(wording.Rejection, r.Reason), t.Word(wording.Advice, r.Reason),
		})
	}
	x.Caption = t.Say("data.rejected-shown", count(int64(len(x.Rows))), count(int64(len(s.Rejects))))
	return x
}

// byCount lists the keys with the largest counts first.
func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(x, y string) int {
		if m[x] != m[y] {
			return m[y] - m[x]
		}
		return strings.Compare(x, y)
	})
}

// A dataOdd is the rows that count and about which something is odd.
type dataOdd struct {
	Kinds       []fact
	Open, Stale string
	OpenHref    string
	Rows        []dataSuspect // outages that are open for too long
	More        string        // of them that are not listed; else empty
}

// A dataSuspect is one outage that is open for too long.
type dataSuspect struct{ Event, Href, Start, Where string }

func (t *teller) dataOdd(s *snapshot.Snapshot) *dataOdd {
	q := &s.Quality
	x := &dataOdd{Open: count(int64(q.OpenEvents)), Stale: count(int64(q.StaleOpenEvents)), OpenHref: t.link("/events", "out", "1", "sort", snapshot.SortDuration)}
	for _, code := range byCount(q.SuspiciousRows) {
		x.Kinds = append(x.Kinds, fact{t.Word(wording.Flag, code), count(int64(q.SuspiciousRows[code]))})
	}
	for i := range s.OpenOutages[:min(len(s.OpenOutages), rejectsShown)] {
		o := &s.OpenOutages[i]
		x.Rows = append(x.Rows, dataSuspect{orAbsent(o.EventID), t.link("/events", "out", "1", "event", o.EventID), local(o.Start), t.Origin(o.Path, o.Sheet, o.Row, o.Delivery)})
	}
	if n := len(s.OpenOutages) - len(x.Rows); n > 0 {
		x.More = t.Say("quality.more", n)
	}
	return x
}
