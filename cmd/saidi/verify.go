package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/wording"
)

// auditing is the command verify: a report that is made again as one was made
// before, and held against it.
type auditing struct {
	reporting
	path    string            // of the report
	paper   *compliance.Paper // as it was read back
	words   wording.Language
	missing []string // what the report was made of and is not given, in words
	changed []string // what is not as it was when the report was made, in words
}

func addAudit(app *kingpin.Application) (string, func(world) error) {
	v := &auditing{}
	c := app.Command("verify", "Make a report again from its inputs, and say whether every number in it holds. Exits with status 1 and the first wrong number if one does not. The report says how it was asked for; what was given to make it has to be given again, in any order and from any place.")
	v.fileFlags(c)
	v.storeFlags(c)
	c.Flag("ledger", "The measures that the report shows beside the verdicts.").PlaceHolder("FILE").StringVar(&v.ledgerPath)
	c.Flag("stale-after", "As it was given to make the report. Only of JSON and CSV, which do not say it.").Default("72h").DurationVar(&v.staleAfter)
	c.Flag("as-of", "As it was given to make the report. Only of CSV, which does not say it.").PlaceHolder("TIME").StringVar(&v.asOfText)
	c.Flag("year", "As it was given to make the report. Only of CSV.").PlaceHolder("YEAR").SetValue(&v.year)
	c.Flag("window", "As it was given to make the report. Only of CSV, and of JSON whose window ends after as-of.").PlaceHolder("FROM..TO").StringVar(&v.window)
	c.Arg("report", "The report: HTML, XLSX, JSON or CSV of saidi report.").Required().StringVar(&v.path)
	v.eventFiles(c).StringsVar(&v.events)
	return c.FullCommand(), v.run
}

func (v *auditing) run(w world) error {
	if err := v.given(); err != nil {
		return err
	}
	said, err := v.read(w)
	if err != nil {
		return err
	}
	if err := v.open(); err != nil {
		return err
	}
	if err := v.measures(w); err != nil {
		return err
	}
	if err := v.match(w); err != nil {
		return err
	}
	v.tell(w, v.changed...)
	counted, err := v.again(w)
	if err != nil {
		return err
	}
	if bytes.Equal(said, counted) && len(v.changed) == 0 {
		numbers, texts := v.paper.Count()
		v.tell(w, v.words.Say("verify.bytes", numbers, texts))
		return nil
	}
	return v.compare(w, counted)
}

// read reads the report, and asks again what it was asked.
func (v *auditing) read(w world) ([]byte, error) {
	data, err := os.ReadFile(v.path)
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	if v.paper, err = compliance.Read(bytes.NewReader(data), int64(len(data))); err != nil {
		return nil, fmt.Errorf("%s: %w", v.path, err)
	}
	v.called = map[string]string{}
	if err := v.ask(); err != nil {
		return nil, err
	}
	v.words = v.language(w)
	return data, nil
}

// ask asks what the report was asked, in its language and form.
func (v *auditing) ask() error {
	s := &v.paper.Stamp
	v.format, v.program, v.tzdata, v.lang = v.paper.Form, s.Program, s.TZData, string(s.Language)
	if v.format == formatCSV {
		v.table = tableOf(v.paper.Head)
		return nil
	}
	if v.asOfText != "" || v.year.given || v.window != "" && v.format != formatJSON {
		return usage("--as-of, --year and --window are for CSV: the report says its own")
	}
	v.asOfText, v.window = s.Asked.AsOf, cmp.Or(v.window, s.Asked.Window)
	v.coversText = cmp.Or(v.coversText, s.Asked.Covers)
	if s.Asked.Year != 0 {
		v.year = yearFlag{s.Asked.Year, true}
	}
	if s.Asked.StaleAfter > 0 {
		v.staleAfter = time.Duration(s.Asked.StaleAfter) * time.Second
	}
	if v.storePath != "" && v.knownAtText == "" {
		v.knownAtText = fmt.Sprint(s.Asked.KnownAt)
	}
	return nil
}

// tableOf finds which table of a report has the columns.
func tableOf(head []string) string {
	switch {
	case slices.Contains(head, "division"):
		return tableBudgets
	case slices.Contains(head, "verdict"):
		return tableTargets
	}
	return tableIndices
}

// measures reads the ledger, which has to be there.
func (v *auditing) measures(w world) error {
	if v.ledgerPath == "" {
		return nil
	}
	if _, err := os.Stat(v.ledgerPath); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	return v.loadLedger(w)
}

// again makes the report again.
func (v *auditing) again(w world) ([]byte, error) {
	o, err := v.choose()
	if err != nil {
		return nil, err
	}
	v.watched = v.handedIn()
	if w.now, err = v.clockOf(w); err != nil {
		return nil, err
	}
	v.sumsDo(o)
	if err := v.load(w); err != nil {
		return nil, err
	}
	if err := v.inTime(o); err != nil {
		return nil, err
	}
	o.Ledger, v.options = v.ledger, o
	s, err := v.answer(o)
	if err != nil {
		return nil, err
	}
	v.remembered(w, s.Provenance.Inputs)
	var b bytes.Buffer
	err = v.result(w, &b, s)
	return b.Bytes(), err
}

// clockOf is a clock by which the report says again what it said of as-of: that it
// lay ahead, or was the beginning of the day.
func (v *auditing) clockOf(w world) (func() time.Time, error) {
	switch s := &v.paper.Stamp; {
	case s.Future:
		return func() time.Time { return time.Unix(0, 0) }, nil
	case s.Today:
		at, err := parseTime("--as-of", s.Asked.AsOf, v.policy.Zone)
		v.asOfText = ""
		return func() time.Time { return time.Unix(at, 0) }, err
	}
	return w.now, nil
}

// compare says whether every number holds, and which is the first that does not.
func (v *auditing) compare(w world, counted []byte) error {
	anew, err := compliance.Read(bytes.NewReader(counted), int64(len(counted)))
	if err != nil {
		return fmt.Errorf("read the report that was made again: %w", err)
	}
	numbers, texts := v.paper.Count()
	if v.paper.SavedBy != "" {
		v.tell(w, v.words.Say("verify.resaved", v.quoted(v.paper.SavedBy)))
	}
	m := compliance.Compare(v.paper, anew)
	switch {
	case m == nil:
		v.tell(w, v.words.Say("verify.holds", numbers, texts))
	case m.Sort == compliance.AStyle && v.other():
		v.tell(w, v.words.Say("verify.restyled", numbers, texts, m.Different, m.Place))
		m = nil
	default:
		v.tell(w, v.mismatch(m))
	}
	if m != nil || len(v.changed) > 0 {
		return &status{code: exitAsked}
	}
	return nil
}

// other says that another version of the program made the report, which may have
// styled it in another way. What it says and draws has to hold all the same.
func (v *auditing) other() bool {
	return v.paper.Stamp.Program != "" && v.paper.Stamp.Program != "saidi "+version()
}

// mismatch words the first place that does not hold.
func (v *auditing) mismatch(m *compliance.Mismatch) string {
	said, counted := v.quoted(m.Said), v.quoted(m.Counted)
	switch {
	case m.Retyped:
		return v.words.Say("verify.retyped", m.Place, said, m.Different)
	case m.Sort == compliance.ALength && m.Said == "":
		return v.words.Say("verify.lacking", m.Place, m.Counted, m.Different)
	case m.Sort == compliance.ALength && m.Counted == "":
		return v.words.Say("verify.surplus", m.Place, m.Said, m.Different)
	case m.Sort == compliance.ALength:
		return v.words.Say("verify.length", m.Place, m.Said, m.Counted, m.Different)
	case m.Sort == compliance.ANumber:
		return v.words.Say("verify.number", m.Place, said, counted, m.Different)
	case m.Sort == compliance.AText:
		return v.words.Say("verify.text", m.Place, said, counted, m.Different)
	}
	return v.words.Say("verify.look", m.Place, m.Different)
}

// mostQuoted bounds what is shown of a text.
const mostQuoted = 200

func (v *auditing) quoted(text string) string {
	if text == "" {
		return v.words.Say("verify.nothing")
	}
	if runes := []rune(text); len(runes) > mostQuoted {
		text = string(runes[:mostQuoted]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

func (v *auditing) tell(w world, lines ...string) {
	for _, line := range lines {
		_, _ = io.WriteString(w.stdout, line+"\n")
	}
}
