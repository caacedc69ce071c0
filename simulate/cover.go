package simulate

import (
	"fmt"
	"io"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// Covers lists what both deliveries hold everything of: every area from the
// first year to the end of the last, but Golog, which joined late, only the last
// year.
func (p *Province) Covers() []outage.Covers {
	always, joined := p.cover(p.o.First), p.cover(p.o.Last)
	for _, place := range places {
		if p.o.silent(place.area, p.o.First) {
			joined.Areas = append(joined.Areas, place.area)
		} else {
			always.Areas = append(always.Areas, place.area)
		}
	}
	if len(joined.Areas) == 0 {
		return []outage.Covers{always}
	}
	return []outage.Covers{always, joined}
}

// cover begins with a year and names no areas yet.
func (p *Province) cover(year int) outage.Covers {
	return outage.Covers{Period: period.Period{From: monthOf(year, 1).from(), To: monthOf(p.o.Last+1, 1).from()}}
}

// WriteMapping writes what readers of the files cannot see in them: the periods
// that the deliveries cover.
func (p *Province) WriteMapping(w io.Writer) error {
	text := "# Synthetic data (模拟数据): no outage in it ever happened.\ncovers:\n"
	for _, c := range p.Covers() {
		areas := make([]string, len(c.Areas))
		for i, area := range c.Areas {
			areas[i] = string(area)
		}
		text += fmt.Sprintf("  - {from: %s, to: %s, areas: [%s]}\n", date(c.From), date(c.To), strings.Join(areas, ", "))
	}
	_, err := io.WriteString(w, text)
	return err
}

// date is the local date of an instant.
func date(t int64) period.Day { return period.Day(wall(t) / day) }
