// Package chart draws what is told in numbers as SVG: curves against a limit,
// bars, maps. A drawing depends on its arguments alone, loads nothing, runs nothing,
// and says in words, to those who cannot see it, what it shows.
//
// Drawings have no colours of their own: what a part is stands in its classes,
// which [Sheet] colours. A line has "chart-line", a band "chart-band", a bar
// "chart-bar", and with it "chart-" and its [Style]; a region of a map has "region"
// and its verdict. All that is given as text is escaped, so a drawing may be put
// into a page as it is.
package chart
