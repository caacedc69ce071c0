package engine

// Anew makes an engine without events that takes over the memory of one that
// nobody needs any more, as where small deliveries are tried out one after the
// other. The base and what counting depends on stay the same.
func (e *Engine) Anew() *Engine {
	n := newEngine(e.base, e.opts)
	clear(e.groups)
	n.groups = e.groups[:e.base.Groups()]
	n.changes, n.areaOfFeeder = e.changes, e.areaOfFeeder
	n.rows.blocks = e.rows.blocks
	e.extras.truncate(0, 0)
	n.extras = e.extras
	if ids := e.events.ids.blocks; len(ids) > 0 {
		n.events.ids.blocks = append(n.events.ids.blocks, ids[0][:0])
	}
	return n
}

// changesOfBase lists the instants at which the base changes.
func (e *Engine) changesOfBase() []int64 {
	if e.changes == nil {
		e.changes = append([]int64{}, e.base.Changes()...)
	}
	return e.changes
}
