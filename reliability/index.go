package reliability

import "math"

// The formulas of IEEE Std 1366 and DL/T 836 over sums. Each gives ok = false
// where the index does not exist, because nobody was served or interrupted. A
// value that does not exist is never 0 or NaN.

// SAIDI is the average time without supply of a customer served, in the unit of
// the customer-time given: Σ t·n / N.
func SAIDI(customerTime, served float64) (value float64, ok bool) {
	return divide(customerTime, served)
}

// SAIFI is the average number of interruptions of a customer served: Σ n / N.
func SAIFI(interruptions, served float64) (value float64, ok bool) {
	return divide(interruptions, served)
}

// MAIFI is the average number of momentary interruptions of a customer served.
func MAIFI(momentary, served float64) (value float64, ok bool) { return divide(momentary, served) }

// CAIDI is the average time without supply of an interruption: Σ t·n / Σ n.
func CAIDI(customerTime, interruptions float64) (value float64, ok bool) {
	return divide(customerTime, interruptions)
}

// CTAIDI is the average time without supply of a customer who was interrupted
// at all: Σ t·n / CN, where CN is the number of distinct customers interrupted.
func CTAIDI(customerTime, distinct float64) (value float64, ok bool) {
	return divide(customerTime, distinct)
}

// CAIFI is the average number of interruptions of a customer who was
// interrupted at all: Σ n / CN.
func CAIFI(interruptions, distinct float64) (value float64, ok bool) {
	return divide(interruptions, distinct)
}

// ASAI is the share of the period with supply (RS-1, 平均供电可靠率):
// 1 − SAIDI / T, both in the same unit. It is negative where the published
// SAIDI is longer than the period itself.
func ASAI(saidi, length float64) (value float64, ok bool) {
	share, ok := divide(saidi, length)
	if !ok {
		return 0, false
	}
	return 1 - share, true
}

// ASIDI is the average time without supply by connected load: Σ kVA·t / kVA
// served.
func ASIDI(loadTime, served float64) (value float64, ok bool) { return divide(loadTime, served) }

// ASIFI is the average number of interruptions by connected load: Σ kVA / kVA
// served.
func ASIFI(load, served float64) (value float64, ok bool) { return divide(load, served) }

// ENS is the energy not supplied: the sum of each interruption's average load
// times its duration, in the product of their units. The two slices have the
// same length.
func ENS(load, hours []float64) float64 {
	if len(load) != len(hours) {
		panic("reliability: ENS wants as many loads as durations")
	}
	var sum float64
	for i := range load {
		sum += load[i] * hours[i]
	}
	return sum
}

// AENS is the energy not supplied of an average customer: ENS / N.
func AENS(ens, served float64) (value float64, ok bool) { return divide(ens, served) }

// CEMI is the share of customers served who had at least so many interruptions
// as interrupted counts; CELID that of those who were out at least so long.
func CEMI(interrupted, served float64) (value float64, ok bool) { return divide(interrupted, served) }

// CELID is the share of customers served who were without supply for at least
// a given time.
func CELID(interrupted, served float64) (value float64, ok bool) { return divide(interrupted, served) }

func divide(a, b float64) (float64, bool) {
	q := a / b
	if b <= 0 || math.IsNaN(q) || math.IsInf(q, 0) {
		return 0, false
	}
	return q, true
}
