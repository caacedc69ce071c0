package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/saidi-exporter/saidi/internal/spelling"
)

// titleRows is how many rows above the header are looked at.
const titleRows = 20

// A fit says how well a row of headers suits a plan.
type fit struct {
	row     int
	headers []string
	score   int      // recognised columns
	absent  []absent // columns that the mapping names and the file lacks
	missing []field  // required fields without a column
}

type absent struct {
	field  field
	column string
}

// fits says whether a row of headers will do: all required fields have a column.
func (f fit) fits() bool { return len(f.missing) == 0 }

// better says whether f explains more about a file without a header than g.
func (f fit) better(g fit) bool {
	if f.score != g.score {
		return f.score > g.score
	}
	return len(f.headers) > len(g.headers)
}

// absentError names the columns of the mapping that a file lacks.
func (f fit) absentError(mapping string) error {
	problems := make([]string, 0, len(f.absent))
	for _, a := range f.absent {
		what := "the zone"
		if a.field != noField {
			what = a.field.String()
		}
		problem := fmt.Sprintf("column %q for %s is not in the file", a.column, what)
		if near := spelling.Nearest(a.column, f.headers); near != "" {
			problem += fmt.Sprintf("; did you mean %q?", near)
		}
		problems = append(problems, problem)
	}
	return fmt.Errorf("the mapping %s does not fit: %s", mapping, strings.Join(problems, "; "))
}

// missingError tells of a file in which no header was found: what the best row
// held, what is missing, and what to write.
func (f fit) missingError(k kind) error {
	what := "event"
	if k == baseRows {
		what = "base"
	}
	names := make([]string, 0, len(f.missing))
	for _, m := range f.missing {
		names = append(names, m.String())
	}
	where := fmt.Sprintf("row %d has", f.row)
	if f.row == 0 { // a file of typed columns, whose names stand in no row
		where = "the columns are"
	}
	return fmt.Errorf("no %s header: no column for %s; %s %s; name the columns in a mapping%s",
		what, strings.Join(names, " and "), where, shown(f.headers), f.example(names))
}

// example shows what to write into a mapping.
func (f fit) example(names []string) string {
	if slices.Equal(f.missing, []field{fieldEventID}) {
		return ", such as columns: {event_id: COLUMN}; an id can be joined of several columns, event_id: [COLUMN, COLUMN]"
	}
	return fmt.Sprintf(", such as columns: {%s: COLUMN}", strings.Join(names, ": COLUMN, "))
}

// shownHeaders bounds the headers that an error lists.
const shownHeaders = 40

func shown(headers []string) string {
	var texts []string
	for _, header := range headers {
		if header = strings.TrimSpace(header); header != "" {
			texts = append(texts, fmt.Sprintf("%.40q", header))
		}
	}
	if len(texts) == 0 {
		return "no headers"
	}
	if n := len(texts) - shownHeaders; n > 0 {
		texts = append(texts[:shownHeaders], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(texts, ", ")
}

// isTotal says whether a row is a total: its first cell that holds anything
// says so.
func isTotal(cells [][]byte) bool {
	for _, cell := range cells {
		cell = trim(cell)
		if len(cell) == 0 {
			continue
		}
		switch cell[0] {
		case 't', 'T', 'g', 'G', 's', 'S':
			return mayBeTotal(cell) && isTotalWord(string(cell))
		case 0xE5, 0xE6:
			return isTotalWord(string(cell))
		}
		return false
	}
	return false
}

// mayBeTotal looks at the second letter of an English word, as ids that begin
// like it are many: total, grand total, subtotal, sum, perhaps spaced out.
func mayBeTotal(cell []byte) bool {
	if len(cell) < 2 {
		return false
	}
	switch cell[1] {
	case 'o', 'O', 'r', 'R', 'u', 'U', ' ':
		return true
	}
	return cell[1] >= 0x80 // full-width
}

func isTotalWord(text string) bool {
	text = strings.ToLower(strings.ReplaceAll(foldWidth(text), " ", ""))
	switch strings.TrimRight(text, ":") {
	case "合计", "总计", "小计", "总合计", "本页合计", "本页小计", "total", "totals", "grandtotal", "subtotal", "sum":
		return true
	}
	return false
}

// unitWords are what stands in a row of units below the headers.
var unitWords = []string{
	"户", "小时", "分钟", "时户", "户时", "时·户", "户·时", "千伏安", "kva", "h", "hour", "hours", "min", "mins", "minute", "minutes",
	"count", "customers", "text", "units", "unit", "单位", "文本", "日期", "时间", "数值",
}

// isUnits says whether the row below the headers holds units: every cell that
// holds anything is in parentheses, a word for a unit, or letters of a date's
// form.
func isUnits(cells [][]byte) bool {
	found := false
	for _, cell := range cells {
		text := strings.ToLower(strings.TrimSpace(foldWidth(string(cell))))
		if text == "" {
			continue
		}
		parenthesised := strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")
		if !parenthesised && !slices.Contains(unitWords, text) && !isDateForm(text) {
			return false
		}
		found = true
	}
	return found
}

// isDateForm recognises yyyy-mm-dd hh:mm:ss and the like.
func isDateForm(text string) bool {
	return strings.Contains(text, "yy") && strings.Trim(text, "ymdhs-/.: 年月日时分秒") == ""
}
