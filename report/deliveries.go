package report

import (
	"io"
	"strconv"
	"strings"
)

// A Delivery is one to a store, as a table shows it.
type Delivery struct {
	Number                      int64
	Kind, Source, Channel, Name string
	Received                    string // RFC 3339
	First, Last                 int64  // sequences
	Rows, Rejected              int
	WithdrawnBy                 int64 // delivery; 0: it is in force
}

// Deliveries writes who told what, and when, for people.
func Deliveries(w io.Writer, list []Delivery, show Show) error {
	p := show.page(w)
	if len(list) == 0 {
		p.line("", "store.none")
		return p.Flush()
	}
	t := &table{also: []int{1, 2, 3, 4, 5}}
	t.add(p.words([]string{"column.delivery", "column.received", "column.kind", "column.source", "column.channel", "column.name", "column.sequence", "column.rows", "column.rejected", "column.withdrawn"})...)
	for i := range list {
		d := &list[i]
		t.add(strconv.FormatInt(d.Number, 10), moment(d.Received), d.Kind, d.Source, d.Channel, d.Name, strconv.FormatInt(d.First, 10)+"–"+strconv.FormatInt(d.Last, 10),
			strconv.Itoa(d.Rows), strconv.Itoa(d.Rejected), delivery(d.WithdrawnBy))
	}
	const channel, name, withdrawn = 4, 5, 9 // columns
	if t.empty(withdrawn) {
		t.drop(withdrawn)
	}
	t.fit(p.Width, channel, name)
	t.write(p)
	return p.Flush()
}

// moment shortens an RFC 3339 time in UTC for a table.
func moment(at string) string { return strings.Replace(at, "T", " ", 1) }
