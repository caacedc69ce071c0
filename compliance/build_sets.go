package compliance

import (
	"slices"

	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
)

// judgesAll says whether the index set that is judged counts every outage. Where it
// does not, sums of all outages are of another set than the hours beside them, and
// the report says of each which it is.
func (m *maker) judgesAll() bool { return m.d.Index == reliability.SAIDI1 }

// judged names the index set that is judged, and says what it counts.
func (m *maker) judged() string { return m.setNamed(m.d.Index) }

// setNamed names an index set, and says what it counts.
func (m *maker) setNamed(id string) string {
	if name := m.setName(id); name != id {
		return m.Say("paper.index-named", id, name)
	}
	return id
}

// ofAll heads a column of all outages that stands beside others of the index set
// that is judged.
func (m *maker) ofAll(head string) string {
	if m.judgesAll() {
		return head
	}
	return m.Say("paper.of-all", head)
}

// byAll captions a table of all outages.
func (m *maker) byAll(caption string) string {
	if m.judgesAll() {
		return caption
	}
	return m.Say("paper.by-all", caption)
}

// byJudged captions a table of what the index set that is judged counts.
func (m *maker) byJudged(caption string) string {
	if m.judgesAll() {
		return caption
	}
	return m.Say("paper.by-judged", caption, m.judged())
}

// byBoth captions a table that has columns of all outages, which say so.
func (m *maker) byBoth(caption string) string {
	if m.judgesAll() {
		return caption
	}
	return m.Say("paper.by-both", caption, m.judged())
}

// times are the interruptions of an average customer (SAIFI), short ones too, to be
// checked by the columns of interruptions and of customers where the index set that
// is judged counts all.
func (m *maker) times(e *snapshot.Entry, format string, columns ...int) Cell {
	if !m.judgesAll() {
		return maybe(e.SAIFI)
	}
	all := (e.Interruptions + e.MomentaryInterruption).Float()
	return maybe(e.SAIFI).checked(quotient(all, e.EquivalentCustomers), format, columns...)
}

// momentary is how long an interruption is at most that counts as momentary (短时).
func (m *maker) momentary() string {
	i := slices.IndexFunc(m.d.Assumed, func(a snapshot.Assumption) bool { return a.Code == snapshot.AssumedMomentary })
	if i < 0 {
		return absent
	}
	return m.args(m.d.Assumed[i])[0].(string)
}
