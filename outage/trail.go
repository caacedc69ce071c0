package outage

// A Trail interns the texts of one column in one goroutine. Most often a column
// has what it had in the row before, or what first came after that: the units of
// a feeder stand in the same order in each of its events. So a trail guesses that
// as long as it guesses right. The texts of a dictionary lie in the order in which
// they first came, and following them costs far less than to look each of them up
// in a large table.
type Trail struct {
	dict  *Dict
	texts []string // as many as were there when one was looked up
	last  Ref      // of the text that came last
	step  Ref      // from one text to the next: 0 or 1
	luck  int      // how many wrong guesses in a row end the guessing
}

// mostLuck is how many wrong guesses in a row are borne after a right one.
const mostLuck = 4

// NewTrail begins at no text of d.
func NewTrail(d *Dict) Trail { return Trail{dict: d} }

// Stays says whether the guess is that the next text is the last one again.
func (t *Trail) Stays() bool { return t.step == 0 }

// Intern is [Dict.InternBytes].
func (t *Trail) Intern(text []byte) Ref {
	if t.guess(text) {
		return t.last
	}
	r := t.dict.InternBytes(text)
	t.follow(r)
	return r
}

// Known is [Dict.Known].
func (t *Trail) Known(text []byte) (r Ref, ok bool) {
	if t.guess(text) {
		return t.last, true
	}
	if r, ok = t.dict.Known(string(text)); ok {
		t.follow(r)
	}
	return r, ok
}

// guess says whether a text is the one that is guessed, and goes on to it.
func (t *Trail) guess(text []byte) bool {
	next := t.last + t.step
	if t.luck == 0 || int(next) >= len(t.texts) || t.texts[next] != string(text) {
		return false
	}
	t.last, t.luck = next, mostLuck
	return true
}

// follow takes note of a text that was looked up.
func (t *Trail) follow(r Ref) {
	if int(r) >= len(t.texts) {
		t.texts = t.dict.Texts()
	}
	switch step := r - t.last; {
	case step > 1:
		t.luck = max(t.luck-1, 0)
	case step == t.step:
		t.luck = mostLuck
	default:
		t.step, t.luck = step, 1
	}
	t.last = r
}
