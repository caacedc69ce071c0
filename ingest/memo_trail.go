package ingest

import "github.com/saidi-exporter/saidi/outage"

// A trail interns the texts of one field. Most often a field has what it had in
// the row before, or what first came after that: the units of a feeder stand in
// the same order in each of its events. So a trail guesses that as long as it
// guesses right. The texts of a dictionary lie in the order in which they first
// came, and following them costs far less than to look each of them up in a
// large table.
type trail struct {
	last outage.Ref // of the text that came last
	seen []string   // the texts of the dictionary, as many as were there when one was looked up
	step outage.Ref // from one text to the next: 0 or 1
	luck int        // how many wrong guesses in a row end the guessing
}

// mostLuck is how many wrong guesses in a row are borne after a right one.
const mostLuck = 4

// intern is [outage.Dict.InternBytes] of a text that is not empty.
func (t *trail) intern(d *outage.Dict, text []byte) outage.Ref {
	ref, ok := t.find(d, text)
	if !ok {
		ref = d.InternBytes(text)
		t.follow(d, ref)
	}
	return ref
}

// find is [outage.Dict.Known] of a text that is not empty.
func (t *trail) find(d *outage.Dict, text []byte) (outage.Ref, bool) {
	if next := t.last + t.step; t.luck > 0 && int(next) < len(t.seen) && t.seen[next] == string(text) {
		t.last, t.luck = next, mostLuck
		return next, true
	}
	ref, ok := d.Known(string(text))
	if ok {
		t.follow(d, ref)
	}
	return ref, ok
}

// follow takes note of a text that was looked up.
func (t *trail) follow(d *outage.Dict, ref outage.Ref) {
	if int(ref) >= len(t.seen) {
		t.seen = d.Texts()
	}
	switch step := ref - t.last; {
	case step > 1:
		t.luck = max(t.luck-1, 0)
	case step == t.step:
		t.luck = mostLuck
	default:
		t.step, t.luck = step, 1
	}
	t.last = ref
}
