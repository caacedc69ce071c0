package main

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed page.md.tmpl
var pageText string

// page words the results as Markdown.
func page(m machine, r results) string {
	var b strings.Builder
	err := template.Must(template.New("page").Parse(pageText)).Execute(&b, pageData(m, r))
	if err != nil {
		panic(err) // the template and its data are both here
	}
	return b.String()
}

// pageContent is what the template shows.
type pageContent struct {
	Machine                      [][2]string
	Rows, Distinct, Units, Small string
	Large                        string
	Jobs, Steps, Growth          string
	Queries                      []shownSQL
}

// A shownSQL is DuckDB's side of one job.
type shownSQL struct{ Title, SQL string }

func pageData(m machine, r results) pageContent {
	c := pageContent{
		Machine: [][2]string{
			{"Processor", m.processor}, {"Threads, of each side", fmt.Sprint(m.threads)}, {"Memory", m.memory},
			{"System", m.system}, {"Go", m.goVersion}, {"DuckDB", m.duck},
		},
		Rows: grouped(r.rows), Distinct: grouped(distinctRows(r.rows)), Units: grouped(max(fewestFeeders, r.rows/rowsPerFeeder) * unitsPerFeeder),
		Small: grouped(r.growth[0].rows), Large: grouped(r.growth[len(r.growth)-1].rows),
		Jobs: jobTable(r.jobs), Steps: stepTable(r.jobs), Growth: growthTable(r.growth),
	}
	for _, j := range jobs() {
		c.Queries = append(c.Queries, shownSQL{j.title, strings.Join(j.opening(""), ";\n") + ";\n" + shownQuery(j)})
	}
	return c
}

// shownQuery is a job's query, or where that was shown already a word about it.
func shownQuery(j job) string {
	if filepath.Ext(j.events) == ".csv" {
		return "-- … and the query of the job tuned."
	}
	return strings.TrimSpace(j.query) + ";"
}

// jobTable compares the sides job by job.
func jobTable(list []result) string {
	t := table{head: []string{"job", "runs", "saidi s", "DuckDB s", "times as fast", "saidi rows/s", "DuckDB rows/s", "saidi processor s", "DuckDB processor s", "saidi GB", "DuckDB GB", "of the memory"}}
	for _, r := range list {
		s, d := seconds(r.saidi), seconds(r.duck)
		t.add(r.job.name, fmt.Sprint(len(r.saidi)), fmt.Sprintf("%.2f", s), fmt.Sprintf("%.2f", d), fmt.Sprintf("%.2f", d/s),
			grouped(int(float64(r.rows)/s)), grouped(int(float64(r.rows)/d)),
			fmt.Sprintf("%.2f", processor(r.saidi)), fmt.Sprintf("%.2f", processor(r.duck)),
			fmt.Sprintf("%.2f", gigabytes(peak(r.saidi))), fmt.Sprintf("%.2f", gigabytes(peak(r.duck))), fmt.Sprintf("%.2f", peak(r.saidi)/peak(r.duck)))
	}
	return t.String()
}

// stepTable says where the time of each side goes; the medians of the steps
// need not add up to the median of the whole.
func stepTable(list []result) string {
	t := table{head: []string{"job", "side", "step", "s", "share"}}
	add := func(name, side string, runs []measurement) {
		for i, s := range runs[0].Steps {
			took := median(runs, func(m measurement) float64 { return m.Steps[i].Seconds })
			t.add(name, side, s.Name, fmt.Sprintf("%.2f", took), fmt.Sprintf("%.0f %%", 100*took/seconds(runs)))
		}
	}
	for _, r := range list {
		add(r.job.name, "saidi", r.saidi)
		add(r.job.name, "DuckDB", r.duck)
	}
	return t.String()
}

// growthTable holds time and memory against those of the fewest rows.
func growthTable(list []result) string {
	t := table{head: []string{"rows", "runs", "saidi s", "saidi GB", "rows ×", "time ×", "memory ×", "DuckDB s", "DuckDB GB"}}
	first := list[0]
	for _, r := range list {
		duckSeconds, duckPeak := "–", "–"
		if len(r.duck) > 0 {
			duckSeconds, duckPeak = fmt.Sprintf("%.2f", seconds(r.duck)), fmt.Sprintf("%.2f", gigabytes(peak(r.duck)))
		}
		t.add(grouped(r.rows), fmt.Sprint(len(r.saidi)), fmt.Sprintf("%.2f", seconds(r.saidi)), fmt.Sprintf("%.2f", gigabytes(peak(r.saidi))),
			fmt.Sprintf("%.1f", float64(r.rows)/float64(first.rows)), fmt.Sprintf("%.1f", seconds(r.saidi)/seconds(first.saidi)),
			fmt.Sprintf("%.1f", peak(r.saidi)/peak(first.saidi)), duckSeconds, duckPeak)
	}
	return t.String()
}

// A table is a table of Markdown.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String lays the table out, numbers to the right.
func (t *table) String() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.head)
	rule := make([]string, len(t.head))
	for i := range rule {
		rule[i] = "---:"
		if t.isText(i) {
			rule[i] = "---"
		}
	}
	line(rule)
	for _, cells := range t.rows {
		line(cells)
	}
	return b.String()
}

// isText says whether a column holds words.
func (t *table) isText(column int) bool {
	return len(t.rows) > 0 && strings.ContainsAny(t.rows[0][column], "abcdefghijklmnopqrstuvwxyz")
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s %03d", grouped(n/1000), n%1000)
}
