package web

import (
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A used is the share of a limit that is used, as a number and as a bar of
// [barFull] units. Code is how it stands to the limit and to what is expected by
// then.
type used struct {
	Text, Code string
	Bar, Limit string // where the bar ends, and the limit
	Expected   string // what is expected by then; empty where nobody can say
}

// The bar of a share is so wide, and so much of it is the limit: what lies above
// it can be seen to.
const (
	barFull  = 100
	barLimit = 80
)

// usedOf draws how much of a target's limit is used.
func usedOf(x *snapshot.Target) used {
	share, ok := x.Used()
	if !ok {
		return used{Text: absent}
	}
	u := used{Text: percent(&share), Code: "within", Bar: barAt(share), Limit: barAt(1)}
	if e := x.ExpectedShare; e != nil {
		u.Expected = barAt(*e)
		if share > *e {
			u.Code = "above"
		}
	}
	if share > 1 {
		u.Code = "beyond"
	}
	return u
}

// barAt is where on the bar a share of the limit lies.
func barAt(share float64) string {
	return strconv.FormatFloat(min(max(share*barLimit, 0), barFull), 'f', 1, 64)
}
