package web

// An areaView is the page of an area, group or the whole.
type areaView struct{ Frame frame }

// area is the page of a scope.
func (p *pages) area(v *visit) (view, error) { return view{"area", &areaView{Frame: v.frame}}, nil }
