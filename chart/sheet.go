package chart

import _ "embed"

//go:embed sheet.css
var sheet string

// Sheet is the style sheet of drawings: on its own for a printed report, with its
// variables --chart-… set for pages of other colours. Every line can be told apart
// without its colour, by its dashes and its width.
func Sheet() string { return sheet }
