package web

// A planView is the page of what proposed outages cost.
type planView struct{ Frame frame }

// plan is the page of what proposed outages cost.
func (p *pages) plan(v *visit) (view, error) { return view{"plan", &planView{Frame: v.frame}}, nil }
