package ingest

import "errors"

// Limits bounds what a hostile or broken file can cost. A zero field stands for
// its default.
type Limits struct {
	Record       int   // bytes in one line or record
	Columns      int   // columns of one row
	Cell         int   // characters in one cell of a workbook
	Decompressed int64 // bytes after decompression, and of input that must be spooled
	Ratio        int64 // decompressed by compressed size, beyond RatioFrom
	RatioFrom    int64 // decompressed bytes up to which the ratio does not matter
	Rows         int   // rows below a header that hold anything, those skipped among them; by default there is no limit
}

// ErrRows says that a delivery has more rows than [Limits.Rows].
var ErrRows = errors.New("more rows than the limit")

// DefaultLimits are far beyond any honest file: records of 4 MiB, 1000 columns,
// cells of 32767 characters (what Excel allows), 64 GiB decompressed and, beyond
// 64 MiB, at most 1000 times the compressed size.
func DefaultLimits() Limits {
	return Limits{Record: 4 << 20, Columns: 1000, Cell: 32767, Decompressed: 64 << 30, Ratio: 1000, RatioFrom: 64 << 20}
}

// orDefault fills the zero fields.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Record: either(l.Record, d.Record), Columns: either(l.Columns, d.Columns), Cell: either(l.Cell, d.Cell),
		Decompressed: either(l.Decompressed, d.Decompressed), Ratio: either(l.Ratio, d.Ratio), RatioFrom: either(l.RatioFrom, d.RatioFrom),
		Rows: l.Rows,
	}
}

func either[T int | int64](value, fallback T) T {
	if value > 0 {
		return value
	}
	return fallback
}
