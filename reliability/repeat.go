package reliability

// A RepeatRule says from how many interruptions within a time on a customer has
// repeat outages (频繁停电). Interruptions of every length count.
type RepeatRule struct {
	MoreThan    int   // interruptions: the rule holds from one more on
	Within      int64 // seconds of a window that moves; 0: the year
	PreArranged bool  // of pre-arranged outages only
}

// An Interruption is the beginning of an outage of one unit.
type Interruption struct {
	At          int64 // UTC seconds
	PreArranged bool
}

// Broken finds the first interruption of a unit in its year by which the rule
// holds, as an index into list; ok is false where it never does. list is in the
// order of time and goes back before the year by [RepeatRule.Within] at least;
// those from first on lie in the year.
func (r *RepeatRule) Broken(list []Interruption, first int) (index int, ok bool) {
	begin := first
	if r.Within > 0 {
		begin = 0
	}
	var times []int64 // that count, the last MoreThan+1 of them
	for i := begin; i < len(list); i++ {
		if r.PreArranged && !list[i].PreArranged {
			continue
		}
		times = append(times, list[i].At)
		if over := len(times) - r.MoreThan - 1; over > 0 {
			times = times[over:]
		}
		if i >= first && len(times) > r.MoreThan && (r.Within == 0 || list[i].At-times[0] < r.Within) {
			return i, true
		}
	}
	return 0, false
}
