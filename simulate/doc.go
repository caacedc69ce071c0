// Package simulate makes up a province: customers, and the outages that they
// suffer over some years, with the late corrections and the mistakes that real
// deliveries have. Nothing in it was ever measured; every row carries the
// source [outage.SyntheticSource].
//
// All of it follows from the [Options]. A feeder is drawn from the seed and its
// own number, and the outages that start on it in one month from the seed, the
// feeder and the month. Any part can so be made without the rest and in constant
// memory, and twice the same options make the same bytes. Draws and times are
// whole numbers, so that no platform rounds them in its own way.
//
// Before the first row, [New] goes through a sample of the feeders and lengthens
// or shortens the faults of every stratum and year until its customers are
// without supply for the hours that the table of strata asks for.
package simulate
