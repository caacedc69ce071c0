package engine

// TakeTogether lets every worker take so many rows together, at least.
func (e *Engine) TakeTogether(rows int32) { e.stretch = rows }
