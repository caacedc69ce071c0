package outage

import "fmt"

// A Note is something odd about a file or an argument that is said beside an
// answer.
type Note struct {
	Path  string // of the file that it is about; may be empty
	Sheet string // of a workbook; may be empty
	Code  string // from a closed list, for words in other languages
	Args  []any  // what the words speak of
	text  string
}

// Notef makes a note with a code, in English; the words of other languages take
// the same arguments in the same order.
func Notef(code, format string, args ...any) Note {
	return Note{Code: code, Args: args, text: fmt.Sprintf(format, args...)}
}

// String is the note in English.
func (n Note) String() string {
	text := n.text
	if n.Sheet != "" {
		text = fmt.Sprintf("sheet %q: %s", n.Sheet, text)
	}
	if n.Path != "" {
		text = n.Path + ": " + text
	}
	return text
}

// MarshalText writes the note in English.
func (n Note) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads a note that has lost all but its English.
func (n *Note) UnmarshalText(text []byte) error {
	*n = Note{text: string(text)}
	return nil
}
