package report

import (
	"bufio"
	"io"

	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A Show says how something is shown to people.
type Show struct {
	Language wording.Language
	Width    int  // columns that a line may take, where it can be helped; below 80 counts as 80
	Colour   bool // verdicts in colour, never in colour alone
}

// narrow and wide are the widths, in columns, from which more is shown.
const (
	narrow = 80
	wide   = 120
)

// A page is a text that is being written.
type page struct {
	*bufio.Writer
	Show
	names map[string]string // of areas and classes by id
}

func (s Show) page(w io.Writer, named ...snapshot.Named) *page {
	s.Width = max(s.Width, narrow)
	p := &page{Writer: bufio.NewWriter(w), Show: s, names: map[string]string{}}
	for _, n := range named {
		p.names[n.ID] = n.Name.In(string(s.Language))
	}
	return p
}

// line writes the sentence of a key on a line, broken where it is too long.
func (p *page) line(indent, key string, args ...any) {
	p.put(indent, p.Language.Say(key, args...))
}

// put writes a text on lines that begin with an indent; the ones that continue
// it stand two places further in.
func (p *page) put(indent, text string) {
	for i, line := range wrap(text, p.Width-len(indent)-2) {
		if i > 0 {
			line = "  " + line
		}
		_, _ = p.WriteString(indent + line + "\n")
	}
}

func (p *page) blank() { _, _ = p.WriteString("\n") }
