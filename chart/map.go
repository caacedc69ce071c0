package chart

// Map is a map of areas.
type Map struct {
	Title, Description string
	Regions            []Region
	Width, Height      int
}

// A Region is one area of a map, in the order in which the keyboard goes through
// them.
type Region struct {
	ID    string       // of the element, "region-" before it
	Label string       // written on it
	Text  string       // told of it: name, verdict, hours
	Code  string       // the verdict, a class of the element; empty where nothing is judged
	Sign  string       // the verdict's sign, written below the label
	Href  string       // where it leads; empty: nowhere
	Rings [][]Position // outlines; holes and islands by the even-odd rule
	At    Position     // of the label
}

// A Position is a place in degrees, or in any plane where Y grows upwards.
type Position struct{ X, Y float64 }
