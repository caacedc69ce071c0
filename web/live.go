package web

// A liveView is the page of what is going on.
type liveView struct{ Frame frame }

// live is the page of what is going on.
func (p *pages) live(v *visit) (view, error) { return view{"live", &liveView{Frame: v.frame}}, nil }
