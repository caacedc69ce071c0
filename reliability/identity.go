package reliability

// MostTimes is the greatest number of interruptions that an [Identity] tells
// apart.
const MostTimes = 10

// LongHours are the times in hours for which an [Identity] tells how many
// customers were out at least so long.
func LongHours() []int { return []int{1, 4, 8, 12, 24, 48} }

// An Identity says who was interrupted in a window, by distinct customers. It
// needs units: where a row without one had a part, Anonymous is true and
// CTAIDI, CAIFI, CEMI and CELID do not exist.
type Identity struct {
	Anonymous bool
	Distinct  int64                // customers interrupted at all, in thousandths (CN)
	Times     [MostTimes + 1]int64 // Times[n]: customers with n interruptions or more, in thousandths
	Hours     []int64              // by [LongHours]: customers out for at least so long, in thousandths
}

// NewIdentities makes so many empty ones.
func NewIdentities(n int) []*Identity {
	list := make([]*Identity, n)
	for i := range list {
		list[i] = &Identity{Hours: make([]int64, len(LongHours()))}
	}
	return list
}

// Add counts a unit with so many thousandths of customers, interrupted so many
// times and out for so many seconds in all.
func (d *Identity) Add(milli int64, times int, seconds int64) {
	d.Distinct += milli
	for n := 1; n <= min(times, MostTimes); n++ {
		d.Times[n] += milli
	}
	for i, hours := range LongHours() {
		if seconds >= int64(hours)*3600 {
			d.Hours[i] += milli
		}
	}
}

// Merge adds o, which is of other units.
func (d *Identity) Merge(o *Identity) {
	d.Anonymous = d.Anonymous || o.Anonymous
	d.Distinct += o.Distinct
	for n := range d.Times {
		d.Times[n] += o.Times[n]
	}
	for i := range d.Hours {
		d.Hours[i] += o.Hours[i]
	}
}
