package forecast

// A Question asks where the year of some strata together will end.
type Question struct {
	Strata []int
	// Happened is what counts for certain, in thousandths of customer-seconds: what
	// has happened in the year, and what is sure to come beside [Ahead].
	Happened int64
	// Limit is the most that the year may count, in thousandths of customer-seconds.
	Limit int64
	// Marks are days of the history, ascending, at whose beginnings the year to date
	// is looked at; days after the origin and up to the year's end.
	Marks []int
}

// A Projection is the year's end of some strata as a distribution, which is made
// of draws that are all as likely. Numbers are thousandths of customer-seconds.
type Projection struct {
	Draws int
	Over  int // draws that end above the limit
	// Passes is the day of the history on which the limit is passed in half of all
	// draws; ok where there is one.
	Passes   int
	DoesPass bool

	totals []int64   // of the year, ascending
	marks  [][]int64 // of the year to date at each mark, ascending
}

// Quantile is the smallest total that at least a share p of the draws does not
// exceed; p lies in (0, 1].
func (p *Projection) Quantile(share float64) int64 { return quantile(p.totals, share) }

// QuantileAt is the same of the year to date at mark n.
func (p *Projection) QuantileAt(n int, share float64) int64 { return quantile(p.marks[n], share) }
