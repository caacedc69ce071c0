// Package chart draws what is told in numbers as SVG: curves against a limit,
// bars, maps. A drawing depends on its arguments alone, loads nothing, and says in
// words, to those who cannot see it, what it shows.
package chart
