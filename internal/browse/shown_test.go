package browse

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// languages are those of the pages.
func languages() []wording.Language { return []wording.Language{wording.Chinese, wording.English} }

// inEach runs a test in a tab of its own for each language.
func (s *station) inEach(t *testing.T, run func(*testing.T, *tab, wording.Language)) {
	t.Helper()
	for _, l := range languages() {
		t.Run(string(l), func(t *testing.T) { run(t, s.open(t, s.demo), l) })
	}
}

// A row is a row of a table as a reader sees it: texts by the heads of columns.
type row map[string]string

// group is, in a row, what stands above its part of the table.
const group = "above"

// rows reads the tables that a selector finds. The texts are those that can be
// seen: what is folded away is not among them.
func (x *tab) rows(selector string) []row {
	x.t.Helper()
	return eval[[]row](x, `[...document.querySelectorAll(`+quoted(selector)+`)].flatMap(table => {
		const heads = [...table.tHead.rows[0].cells].map(c => c.innerText.trim());
		return [...table.tBodies].flatMap(body => [...body.rows].filter(r => r.cells.length === heads.length).map(r => {
			const row = {above: body.querySelector("th[scope=rowgroup]")?.innerText.trim() ?? ""};
			[...r.cells].forEach((c, i) => row[heads[i]] = c.innerText.trim().replace(/\s+/g, " "));
			return row;
		}));
	})`)
}

// facts reads the lists of names and values that a selector finds.
func (x *tab) facts(selector string) row {
	x.t.Helper()
	return eval[row](x, `Object.fromEntries([...document.querySelectorAll(`+quoted(selector+" div")+`)].map(d => [d.querySelector("dt").innerText.trim(), d.querySelector("dd").innerText.trim()]))`)
}

// quoted is a text as JavaScript has it.
func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text can be marshalled
	}
	return string(data)
}

// absent is what stands for a number that does not exist.
const absent = "–"

// number is how numbers are written: thousands apart, a minus as wide as a digit.
var number = regexp.MustCompile(`^[+−]?[0-9]{1,3}(,?[0-9]{3})*(\.([0-9]+))?$`)

// check fails the test unless a text shows a number, times a factor, with so many
// decimals: the last of them rounded. A number that does not exist is shown as a
// dash.
func checkNumber(t *testing.T, what, text string, want *float64, factor float64, decimals int) {
	t.Helper()
	if want == nil {
		if text != absent {
			t.Errorf("%s shows %q, want %s", what, text, absent)
		}
		return
	}
	parts := number.FindStringSubmatch(strings.TrimSuffix(text, " %"))
	if parts == nil || len(parts[3]) != decimals {
		t.Errorf("%s shows %q, want %v with %d decimals", what, text, *want*factor, decimals)
		return
	}
	plain := strings.NewReplacer(",", "", wording.Minus, "-", "+", "").Replace(parts[0])
	got, err := strconv.ParseFloat(plain, 64)
	if exact := *want * factor; err != nil || math.Abs(got-exact) > .5*math.Pow10(-decimals)+1e-9*max(1, math.Abs(exact)) {
		t.Errorf("%s shows %q, want %v", what, text, exact)
	}
}

// hours turns customer-seconds into customer-hours.
func hours(m snapshot.Milli) *float64 { return new(m.Float() / time.Hour.Seconds()) }

// minus is the other way round: a reduction as a change.
func minus(v *float64) *float64 {
	if v == nil {
		return nil
	}
	return new(-*v)
}

// names gives the names of scopes and classes of the policy of the demo.
func names(l wording.Language) map[string]string {
	all, p := map[string]string{}, policy.Qinghai()
	note := func(id string, name policy.Text) { all[id] = name.In(string(l)) }
	for _, a := range p.Areas {
		note(string(a.ID), a.Name)
	}
	for _, g := range p.Groups {
		note(g.ID, g.Name)
	}
	for _, c := range p.Classes {
		note(string(c.ID), c.Name)
	}
	note(p.Whole.ID, p.Whole.Name)
	return all
}

// together goes to a path and gives the report of the snapshot that it shows: that
// which was the last before and after.
func (x *tab) together(path string) *snapshot.Snapshot {
	x.t.Helper()
	const tries = 10
	for range tries {
		before := x.site.report(x.t)
		x.at(path)
		after := getJSON[snapshot.Live](x.t, x.site, "/api/v1/live")
		if before.Provenance.AsOf == after.AsOf {
			return before
		}
	}
	x.t.Fatalf("%s: the numbers changed each of %d times", path, tries)
	return nil
}

// report gives the last report. It is large: the same is not read again.
func (e *saidi) report(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	asOf := getJSON[snapshot.Live](t, e, "/api/v1/live").AsOf
	if known := e.known.Load(); known != nil && known.Provenance.AsOf == asOf {
		return known
	}
	r := getJSON[snapshot.Snapshot](t, e, "/api/v1/report")
	e.known.Store(r)
	return r
}

// in is the path with a language, and with more parameters as they stand in it.
func in(l wording.Language, path string) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return fmt.Sprintf("%s%slang=%s", path, mark, l)
}
