package ingest

// parsePlain reads the forms in which most files write a date and time, without
// allocation: 2006-01-02, 2006/1/2 15:04, 2006-01-02T15:04:05+08:00 and the like.
// What it takes, [parseWords] reads the same.
func parsePlain(text []byte) (reading, bool) {
	p := plainTime{text: text}
	year := p.number(4, 4)
	separator := p.sign("-/")
	month := p.number(1, 2)
	if separator == 0 || p.sign(string(rune(separator))) == 0 {
		return reading{}, false
	}
	day := p.number(1, 2)
	var hour, minute, second int
	if !p.done() {
		if p.sign(" T") == 0 {
			return reading{}, false
		}
		hour, minute, second = p.clock()
	}
	offset, absolute := p.zone()
	wall, ok := wallOf(year, month, day, hour, minute, second)
	return reading{seconds: wall - offset, absolute: absolute}, ok && !p.wrong && p.done() && hour < 24
}

// A plainTime takes the parts of a time from the front of a text.
type plainTime struct {
	text  []byte
	wrong bool // a part was not there
}

func (p *plainTime) done() bool { return len(p.text) == 0 }

// number takes at least and at most so many digits.
func (p *plainTime) number(least, most int) (value int) {
	n := 0
	for n < len(p.text) && n < most && p.text[n] >= '0' && p.text[n] <= '9' {
		value = value*10 + int(p.text[n]-'0')
		n++
	}
	p.wrong = p.wrong || n < least
	p.text = p.text[n:]
	return value
}

// sign takes one of the signs and gives it, 0 where there is none.
func (p *plainTime) sign(signs string) byte {
	if len(p.text) == 0 {
		return 0
	}
	for i := range len(signs) {
		if p.text[0] == signs[i] {
			p.text = p.text[1:]
			return signs[i]
		}
	}
	return 0
}

// clock takes 15:04 or 15:04:05.
func (p *plainTime) clock() (hour, minute, second int) {
	hour = p.number(1, 2)
	p.wrong = p.wrong || p.sign(":") == 0
	minute = p.number(2, 2)
	if p.sign(":") != 0 {
		second = p.number(2, 2)
	}
	return hour, minute, second
}

// zone takes Z or an offset such as +08:00, in seconds; none makes the time a
// local one.
func (p *plainTime) zone() (offset int64, absolute bool) {
	switch p.sign("Z+-") {
	case 0:
		return 0, false
	case 'Z':
		return 0, true
	case '-':
		return -p.hours(), true
	}
	return p.hours(), true
}

func (p *plainTime) hours() int64 {
	hours := p.number(2, 2)
	p.wrong = p.wrong || p.sign(":") == 0 || hours > 18
	minutes := p.number(2, 2)
	p.wrong = p.wrong || minutes > 59
	return int64(hours*secondsPerHour + minutes*60)
}
