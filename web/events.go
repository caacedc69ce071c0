package web

// A eventsView is the page of the rows behind a number.
type eventsView struct{ Frame frame }

// events is the page of the rows behind a number.
func (p *pages) events(v *visit) (view, error) {
	return view{"events", &eventsView{Frame: v.frame}}, nil
}
