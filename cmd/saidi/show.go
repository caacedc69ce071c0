package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kingpin/v2"
	"golang.org/x/term"

	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/wording"
)

// showing are the flags that say how a result is shown.
type showing struct {
	lang   string
	format string
	chosen bool // --format was given
	out    string
}

// flags adds the flags to a command that has the formats of all, and more of its
// own.
func (s *showing) flags(c *kingpin.CmdClause, more ...string) {
	s.langFlag(c)
	formats := append([]string{formatText, formatJSON, formatCSV}, more...)
	c.Flag("format", strings.Join(formats, ", ")+". Default: what --out ends in, else text.").Default(formatText).IsSetByUser(&s.chosen).EnumVar(&s.format, formats...)
	c.Flag("out", "Write the result here instead of to standard output.").PlaceHolder("FILE").StringVar(&s.out)
	c.Action(func(*kingpin.ParseContext) error { return s.follow(formats) })
}

// follow takes the format from what --out ends in, where it is not given, and
// refuses a file that promises another than it will have.
func (s *showing) follow(formats []string) error {
	promised, ok := endings()[filepath.Ext(s.out)]
	switch {
	case !ok || !slices.Contains(formats, promised):
		return nil // what no result has is refused later
	case !s.chosen:
		s.format = promised
	case s.format == formatOpenMetrics && promised == formatText:
	case s.format != promised:
		return fmt.Errorf("--format %s and --out %s: the file promises %s: give it another ending, or leave --format out", s.format, s.out, promised)
	}
	return nil
}

// endings are the formats that the names of files promise.
func endings() map[string]string {
	return map[string]string{".txt": formatText, ".json": formatJSON, ".csv": formatCSV, ".html": formatHTML, ".htm": formatHTML, ".xlsx": formatWorkbook}
}

func (s *showing) langFlag(c *kingpin.CmdClause) {
	c.Flag("lang", "Language of texts for people, zh or en. Default: that of the locale.").PlaceHolder("LANG").EnumVar(&s.lang, string(wording.Chinese), string(wording.English))
}

func (s *showing) language(w world) wording.Language {
	if s.lang != "" {
		return wording.Language(s.lang)
	}
	return wording.Locale(w.variable)
}

// fileWidth is the width in columns of what goes to no terminal.
const fileWidth = 160

// show finds out how wide the output is and whether it can be coloured.
func (s *showing) show(w world) report.Show {
	show := report.Show{Language: s.language(w), Width: fileWidth}
	if columns, err := strconv.Atoi(w.variable("COLUMNS")); err == nil {
		show.Width = columns
	}
	if s.out != "" {
		return show
	}
	if fd, ok := terminal(w.stdout); ok {
		show.Colour = w.variable("NO_COLOR") == "" && w.variable("TERM") != "dumb" //nolint:misspell // the name that others gave it
		if width, _, err := term.GetSize(fd); err == nil && width > 0 {
			show.Width = width
		}
	}
	return show
}

// terminal gives the descriptor of a stream that is a terminal.
func terminal(stream io.Writer) (fd int, ok bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(file.Fd())
	return fd, term.IsTerminal(fd)
}
