// Package workbook takes the sheets of an XLSX workbook apart into rows of
// cells. Values come raw: dates as serial numbers, numbers as the file stores
// them, because a cell's display format is a matter of taste and costs most of
// the reading time.
//
// A workbook from outside is not trusted: sizes are checked before anything is
// unpacked, the library's panics become errors, and what the library passes
// over in silence (a sheet whose XML breaks off) is found by [Book.Verify].
package workbook
