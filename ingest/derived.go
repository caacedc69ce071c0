package ingest

import (
	"math"

	"github.com/saidi-exporter/saidi/outage"
)

// derived compares the file's own sums with the row's interval, which holds.
func (r *eventReader) derived(cells [][]byte) {
	rec, places := &r.rec, &r.layout.places
	if places[fieldCustomerHours].bound {
		r.compare(fieldCustomerHours, secondsPerHour, cells)
	}
	if places[fieldCustomerMinutes].bound {
		r.compare(fieldCustomerMinutes, 60, cells)
	}
	if places[fieldDurationMinutes].bound && rec.end != outage.Open {
		r.compareWith(float64(rec.end-rec.start)/60, fieldDurationMinutes, cells)
	}
}

func (r *eventReader) compare(f field, unit float64, cells [][]byte) {
	if seconds, ok := r.rec.customerSeconds(); ok {
		r.compareWith(seconds/unit, f, cells)
	}
}

func (r *eventReader) compareWith(own float64, f field, cells [][]byte) {
	text := r.layout.text(f, cells)
	if text == nil {
		return
	}
	if shown, ok := parseAmount(text, "时户", "户时", "分钟", "min"); ok && differs(own, shown, decimals(text)) {
		r.rec.flags |= outage.DerivedDiffers
	}
}

// differs says whether a derived value of the file, shown with so many decimals,
// is more than 1 % and more than its rounding away from the row's own. At least
// half of the second decimal counts as rounding.
func differs(own, shown float64, decimals int) bool {
	rounding := 0.5 * math.Pow10(-min(decimals, 2))
	gap := math.Abs(own - shown)
	return gap > 0.01*math.Abs(own) && gap > rounding*(1+1e-9)
}
