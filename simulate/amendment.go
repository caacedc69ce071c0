package simulate

// An amendment is what the late delivery says otherwise than the first.
type amendment struct {
	kind amended
	part int // the first end, or the first customers, in hundredths of the true ones
}

// amended is the kind of an amendment.
type amended uint8

const (
	notAmended amended = iota
	endAmended         // the first delivery had another end
	customersAmended
	stillOpen // the first delivery had no end yet
	withdrawn // it never was: the first delivery had an event that the late one cancels
)

// The shares of amendments in thousandths of all incidents, and of the faults of
// the last days, which are still open when the first delivery is made.
const (
	amendments  = 14
	openAtFirst = 80
	lastDays    = 10
)

// amend draws what the first delivery has wrong about an incident. Reclosings and
// the unfinished outage stay as they are.
func (o Options) amend(i *incident) {
	var d draws
	d.start(o.Seed, ofCorrections, i.feeder.stratum, i.feeder.number, int(i.month), i.number)
	last := monthOf(o.Last, 12)
	switch {
	case i.open || i.cause == ofReclosing:
	case i.elastic && i.start >= last.to()-lastDays*day && d.chance(openAtFirst):
		i.amends.kind = stillOpen
	case d.chance(amendments):
		i.amends = d.amendment(i)
	}
}

// amendment draws one of the kinds that fits.
func (d *draws) amendment(i *incident) amendment {
	switch d.pick(50, 28, 22) {
	case 1:
		if i.steps == 1 && i.to-i.from >= 2 {
			return amendment{customersAmended, d.between(40, 90)}
		}
	case 2:
		return amendment{kind: withdrawn}
	}
	if i.elastic && d.chance(400) {
		return amendment{endAmended, d.between(110, 150)}
	}
	return amendment{endAmended, d.between(50, 90)}
}

// told is the incident as the first delivery has it.
func (i incident) told() incident {
	last := &i.stages[i.steps-1]
	switch i.amends.kind {
	case endAmended:
		for k := range i.steps {
			i.stages[k].length = i.part(i.stages[k].length)
		}
	case customersAmended:
		i.to = i.from + max(1, (i.to-i.from)*i.amends.part/100)
		last.to = i.to
	case stillOpen:
		i.open = true
	}
	return i
}

// part is a length as the first delivery has it, to the minute where the
// incident is.
func (i *incident) part(length int64) int64 {
	length = max(1, length*int64(i.amends.part)/100)
	if !i.seconds {
		length = max(minute, length-length%minute)
	}
	return length
}
