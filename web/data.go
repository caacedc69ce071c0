package web

import (
	"net/http"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A dataView is the page of how far the data can be trusted.
type dataView struct {
	Frame    frame
	Waiting  string
	Sources  []sourceRow
	Rows     *dataRows
	Rejected *dataRejected
	Odd      *dataOdd
	Calendar *dataCalendar
	Silences []string
	Origin   *dataOrigin
}

// data is the page of how far the data can be trusted. Sources are shown before
// there is an answer too.
func (p *pages) data(v *visit) (view, error) {
	v.frame.Title, v.frame.Sheets = v.Say("page.nav-data"), []string{listSheet}
	d := &dataView{Sources: v.sources(v.status.Sources)}
	if s := v.status.Snapshot; s != nil {
		d.Rows, d.Rejected, d.Odd = v.dataRows(s), v.dataRejected(s), v.dataOdd(s)
		d.Calendar, d.Silences, d.Origin = v.dataCalendar(s), v.silences(s.Quality.Silences), v.dataOrigin(s)
	} else {
		d.Waiting, v.code = v.Say("page.waiting", v.stamp(v.status.Started).Text), http.StatusServiceUnavailable
	}
	d.Frame = v.frame
	return view{"data", d}, nil
}

// A sourceRow is a [Source] in words.
type sourceRow struct {
	Name                            string
	Places                          []string
	State                           badge
	Files, Rows, Accepted, Rejected string
	Rejects                         bool // at least one
	LastSuccess, LatestEvent        stamp
}

func (t *teller) sources(list []Source) []sourceRow {
	var all []sourceRow
	for i := range list {
		s := &list[i]
		row := sourceRow{
			Name: s.Name, Places: s.Places, State: badge{"down", "✗", t.Say("page.failing")},
			Files: count(int64(s.Files)), Rows: count(s.Rows), Accepted: count(s.Accepted), Rejected: count(s.Rejected), Rejects: s.Rejected > 0,
			LastSuccess: t.stamp(s.LastSuccess), LatestEvent: stamp{Text: absent},
		}
		if s.Up {
			row.State = badge{"up", "✓", t.Say("page.up")}
		}
		if !s.LatestEvent.IsZero() {
			row.LatestEvent = t.stamp(s.LatestEvent)
		}
		all = append(all, row)
	}
	return all
}

// silences words the times that are suspiciously quiet.
func (t *teller) silences(list []snapshot.Silence) []string {
	var all []string
	for _, s := range list {
		area, from, to := t.scopeName(s.Area), local(s.From), local(s.To)
		if s.Declared {
			all = append(all, t.Say("quality.gap-declared", area, from, to))
		} else {
			all = append(all, t.Say("quality.gap", area, from, to))
		}
	}
	return firstOf(all, t.Say)
}

// mostListed bounds lists that have no pages, such as gaps of an area.
const mostListed = 20

// firstOf is the first of many, and how many more there are.
func firstOf(list []string, say func(string, ...any) string) []string {
	if n := len(list) - mostListed; n > 0 {
		return append(list[:mostListed:mostListed], say("quality.more", n))
	}
	return list
}

// share is a share of the time that is covered; without one nobody declares
// anything.
func (t *teller) share(v *float64) string {
	if v == nil {
		return t.Say("page.undeclared")
	}
	return percent(v)
}
