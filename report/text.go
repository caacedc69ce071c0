package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/snapshot"
)

// Text writes a snapshot for people: the hours by area and class, then what is
// wrong with the data, then where the details are.
func Text(w io.Writer, s *snapshot.Snapshot) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s\n", s.Title)
	fmt.Fprintf(b, "average outage hours of a customer (%s), as of %s, %s", s.Index, clock(s.Provenance.AsOf), s.Provenance.Zone)
	if s.Provisional {
		fmt.Fprint(b, ", provisional: outages are still open")
	}
	fmt.Fprint(b, "\n\n")
	for _, pair := range pairs(s) {
		writePair(b, pair)
	}
	writeQuality(b, s)
	return b.Flush()
}

// A pair is a window with the one before to compare it with.
type pair struct {
	window string
	before string
	now    []snapshot.Entry
	then   map[string]snapshot.Entry // by scope and class
}

func pairs(s *snapshot.Snapshot) []pair {
	all := []pair{
		{window: snapshot.YearToDate, before: snapshot.PriorYearToDate},
		{window: snapshot.WholeYear, before: snapshot.PriorYear},
		{window: snapshot.Custom},
	}
	shown := all[:0]
	for _, p := range all {
		p.then = map[string]snapshot.Entry{}
		for _, e := range s.Indices {
			switch e.Window {
			case p.window:
				p.now = append(p.now, e)
			case p.before:
				p.then[e.Scope+" "+e.Class] = e
			}
		}
		if len(p.now) > 0 {
			shown = append(shown, p)
		}
	}
	return shown
}

func writePair(b io.Writer, p pair) {
	first := p.now[0]
	fmt.Fprintf(b, "%s – %s", clock(first.From), clock(first.To))
	if before, ok := p.then[first.Scope+" "+first.Class]; ok {
		fmt.Fprintf(b, ", against %s – %s", clock(before.From), clock(before.To))
	}
	fmt.Fprint(b, "\n\n")
	t := &table{left: 2}
	t.add("area", "class", "customers", "SAIDI h", "before", "change", "SAIFI", "CAIDI h", "ASAI %")
	scope := ""
	var empty []string
	for _, e := range p.now {
		if e.Pooled {
			continue
		}
		if e.EquivalentCustomers == 0 && e.CustomerSeconds == 0 && e.Events == 0 {
			empty = append(empty, e.Name)
			continue
		}
		name := e.Name
		if e.Scope == scope {
			name = ""
		}
		scope = e.Scope
		before := p.then[e.Scope+" "+e.Class].SAIDIHours
		t.add(name, e.ClassName, strconv.FormatFloat(e.EquivalentCustomers, 'f', 0, 64),
			hours(e.SAIDIHours), hours(before), change(e.SAIDIHours, before), fixed(e.SAIFI, 3), hours(e.CAIDIHours), percent(e.ASAI))
	}
	t.write(b)
	if len(empty) > 0 {
		fmt.Fprintf(b, "without customers in the base: %s\n", strings.Join(slices.Compact(empty), ", "))
	}
	fmt.Fprintln(b)
}

func hours(v *float64) string { return fixed(v, 2) }

func fixed(v *float64, decimals int) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(*v, 'f', decimals, 64)
}

func percent(v *float64) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(*v*100, 'f', 4, 64)
}

func change(now, before *float64) string {
	if now == nil || before == nil || *before == 0 {
		return "–"
	}
	return fmt.Sprintf("%+.1f %%", (*now / *before - 1)*100)
}

// clock shortens an RFC 3339 time to minutes without zone, and a midnight to
// its date.
func clock(at string) string {
	date, rest, ok := strings.Cut(at, "T")
	if !ok || len(rest) < 8 {
		return at
	}
	switch {
	case rest[:8] == "00:00:00":
		return date
	case rest[6:8] == "00":
		return date + " " + rest[:5]
	}
	return date + " " + rest[:8]
}

func writeQuality(b io.Writer, s *snapshot.Snapshot) {
	q := s.Quality
	fmt.Fprintf(b, "rows read %d: accepted %d", q.Rows, q.Accepted)
	for _, c := range counts(s) {
		fmt.Fprintf(b, ", %s %d", c.name, c.n)
	}
	fmt.Fprintln(b)
	for _, reason := range byCount(q.RejectedReasons) {
		fmt.Fprintf(b, "  rejected, %s: %d\n", reason, q.RejectedReasons[reason])
	}
	for _, code := range byCount(q.SuspiciousRows) {
		fmt.Fprintf(b, "  counted but odd, %s: %d\n", code, q.SuspiciousRows[code])
	}
	if q.OpenEvents > 0 {
		fmt.Fprintf(b, "  still out at as-of: %d, of which stale, open for long: %d\n", q.OpenEvents, q.StaleOpenEvents)
	}
	if q.PendingEvents > 0 {
		fmt.Fprintf(b, "  starting after as-of, not counted yet: %d\n", q.PendingEvents)
	}
	writeLosses(b, q)
	for _, warning := range s.Provenance.Notes {
		fmt.Fprintf(b, "  note: %s\n", warning)
	}
	if q.Rejected > 0 {
		fmt.Fprintln(b, "every rejected row with what to do: --rejects FILE; every odd row: saidi check")
	}
	fmt.Fprintln(b, "the rows behind a number: saidi explain --scope AREA --class CLASS; every index and window: --format json")
}

func writeLosses(b io.Writer, q snapshot.Quality) {
	if q.OverBase > 0 {
		fmt.Fprintf(b, "  not counted, more customers than the base has: %.1f customer-hours\n", q.OverBase.Float()/3600)
	}
	if q.OverlapExcess > 0 {
		fmt.Fprintf(b, "  not counted, others on the feeder were out already: %.1f customer-hours\n", q.OverlapExcess.Float()/3600)
	}
	for _, part := range []struct {
		name  string
		share float64
	}{
		{"split over classes in proportion", q.SplitShare},
		{"of unknown nature", q.UnknownNatureShare},
		{"on feeders that the base does not know", q.UnknownFeederShare},
	} {
		if part.share > 0 {
			fmt.Fprintf(b, "  of the customer-hours, %s: %.1f %%\n", part.name, part.share*100)
		}
	}
}

type count struct {
	name string
	n    int
}

// counts adds up the files' counts that are not zero, apart from the accepted.
func counts(s *snapshot.Snapshot) []count {
	list := []count{{name: "rejected"}, {name: "duplicate"}, {name: "superseded"}, {name: "cancelled"}, {name: "title or total"}, {name: "no outage"}}
	for _, f := range s.Provenance.Inputs {
		for i, n := range []int{f.Rejected, f.Duplicate, f.Superseded, f.Cancelled, f.Skipped, f.Excluded} {
			list[i].n += n
		}
	}
	return slices.DeleteFunc(list, func(c count) bool { return c.n == 0 })
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
