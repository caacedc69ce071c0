package simulate

import (
	"strconv"
	"time"
)

// A cell is one value of a row. The zero value is empty.
type cell struct {
	kind cellKind
	text string
	n    int64
}

type cellKind uint8

const (
	blank  cellKind = iota
	word            // text
	count           // n, a whole number
	hours           // n hundredths
	moment          // n, what local clocks show, counted in seconds as if it were UTC
	truth           // yes where n is 1
)

func textCell(text string) cell {
	if text == "" {
		return cell{}
	}
	return cell{kind: word, text: text}
}

func countCell(n int64) cell { return cell{kind: count, n: n} }

// momentCell is an instant on local clocks.
func momentCell(t int64) cell { return cell{kind: moment, n: wall(t)} }

// appendTime appends a moment in a layout.
func (c *cell) appendTime(to []byte, layout string) []byte {
	return time.Unix(c.n, 0).UTC().AppendFormat(to, layout)
}

// appendHundredths appends a number of hundredths with its two decimals.
func appendHundredths(to []byte, n int64) []byte {
	if n < 0 {
		to, n = append(to, '-'), -n
	}
	to = append(strconv.AppendInt(to, n/100, 10), '.')
	return append(to, byte('0'+n/10%10), byte('0'+n%10))
}
