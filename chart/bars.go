package chart

// Bars is a chart of bars in groups side by side, upright, such as months of two
// years; or lying, such as feeders.
type Bars struct {
	Title, Description string
	Unit               string
	Labels             []string // of the groups
	Series             []Series
	Lying              bool
	Width, Height      int
}

// A Series is one bar of each group.
type Series struct {
	Style  Style
	Label  string
	Values []*float64 // nil: no bar
}
