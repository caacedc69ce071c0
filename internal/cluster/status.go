package cluster

import "time"

// A Status is how the shared work is going, as one member sees it.
type Status struct {
	ID      string        // of this member
	Members []MemberState // that are alive, by name
	Moment  Moment        // the newest, that is worked on
	Shown   Moment        // of the last answer
	Behind  int64         // sequences that were told and do not count in the last answer
	Slots   int           // of this member
	Pending int           // slots, of all members, that are not yet at the moment
	Groups  int64         // that this member worked out since it began
	Rows    int64         // that it read for them
	Worked  time.Duration // that it took for them
	// Composed is how long the last answer took to compose.
	Composed time.Duration
	Err      error     // why it does not go on; nil where it does. It names a shard that is gone
	Since    time.Time // of Err
}

// A MemberState is what is known of a member.
type MemberState struct {
	ID    string
	Slots int
}

// note keeps why it does not go on, and since when.
func (m *Member) note(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil && (m.status.Err == nil || m.status.Err.Error() != err.Error()) {
		m.status.Since = m.o.Now()
	}
	m.status.Err = err
}

// see keeps what was seen of the others.
func (m *Member) see(v *view) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &m.status
	s.Members = nil
	for _, id := range v.members {
		s.Members = append(s.Members, MemberState{id, len(owned(v.owners, id))})
	}
	s.Slots = len(owned(v.owners, m.o.ID))
	if v.now != nil {
		s.Moment = Moment{v.now.ID, v.now.AsOf, v.now.Known, v.now.Era}
		s.Pending = m.w.store.Slots() - len(v.done)
	}
}

// count counts what was worked out.
func (m *Member) count(groups, rows int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status.Groups, m.status.Rows = m.status.Groups+groups, m.status.Rows+rows
}

// took adds to the time that the work took.
func (m *Member) took(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status.Worked += d
}

// show gives an answer to whoever waits for it.
func (m *Member) show(a *Answer, took time.Duration) {
	m.mu.Lock()
	m.answer, m.shown = a, a.Moment.ID
	m.status.Shown, m.status.Composed = a.Moment, took
	m.mu.Unlock()
	select {
	case m.answers <- struct{}{}:
	default:
	}
}
