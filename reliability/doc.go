// Package reliability holds the counting rules: how outage events and the
// customers served become pieces, pieces become integer sums, and sums become
// the indices of IEEE Std 1366 and DL/T 836 (SAIDI, SAIFI, CAIDI and their
// kin).
//
// The way through it:
//
//	[Base]     customers served over time, in cells (feeder × area × class) and units
//	[Record]   a group of customers that an event interrupts, placed on cells by [Base.Place]
//	[Pieces]   the records of one allocation group → (record, cell, customers, [from, to), nature, band)
//	[DaySums]  pieces folded by stratum (area × class), local day, nature and band
//	[Tally]    day sums added up over a window
//	[IndexSet] which natures, bands and days count, and how they are booked
//
// Everything is a pure function of its arguments. Sums are integers, so they
// merge in any order to the same answer; a division comes last. Customers are
// counted in thousandths, "milli", so that an event split over several classes
// stays exact.
package reliability

// Milli is the number of parts in which one customer is counted.
const Milli = 1000
