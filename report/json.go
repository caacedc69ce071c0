package report

import (
	"encoding/json"
	"io"
)

// JSON writes a snapshot or an explanation by the contract, one value a line
// within objects.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
