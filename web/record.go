package web

// A recordView is the page of all that was told of one event.
type recordView struct{ Frame frame }

// record is the page of all that was told of one event.
func (p *pages) record(v *visit) (view, error) {
	return view{"record", &recordView{Frame: v.frame}}, nil
}
