package chart

// SVG draws the chart.
func (l *Lines) SVG() string { return "" }

// SVG draws the chart.
func (b *Bars) SVG() string { return "" }

// SVG draws the map.
func (m *Map) SVG() string { return "" }

// Sheet is the style sheet of drawings that stand alone, as in a printed report.
func Sheet() string { return "" }
