package outage

// A Trail interns the texts of one column in one goroutine. It guesses that a
// text is the one that first came after that before it: the units of a feeder
// stand in the same order in each of its events. To follow texts in the order in
// which they first came costs far less than to look each up in a large table.
type Trail struct {
	dict  *Dict
	texts []string // as many as were there when one was looked up
	last  Ref
}

// NewTrail begins at no text of d.
func NewTrail(d *Dict) Trail { return Trail{dict: d} }

// Intern is [Dict.InternBytes].
func (t *Trail) Intern(text []byte) Ref {
	if next := t.last + 1; int(next) < len(t.texts) && t.texts[next] == string(text) {
		t.last = next
		return next
	}
	t.last = t.dict.InternBytes(text)
	if int(t.last) >= len(t.texts) {
		t.texts = t.dict.Texts()
	}
	return t.last
}
