// Package compliance makes the report that is handed in: verdicts, indices,
// months, natures, feeders, what is not counted and where everything comes from, as
// one HTML file that prints to A4 or as an Excel workbook. The same inputs give
// the same bytes. A report can be read back and held against one that was made
// anew, number by number.
package compliance
