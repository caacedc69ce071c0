package load

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/saidi-exporter/saidi/period"
)

// A report is what the exporter says, as far as it is checked.
type report struct {
	Indices []struct {
		Scope, Level, Class, Window string
		From, To                    time.Time
		Seconds                     int64 `json:"customer_seconds"`
		Interruptions               int64 `json:"interruptions"`
		Momentary                   int64 `json:"momentary_interruptions"`
	}
	Quality struct {
		Rows, Accepted, Rejected int
	}
	Provenance struct{ Inputs []outcomes }
}

// outcomes are what became of rows.
type outcomes struct {
	Rows, Accepted, Rejected, Duplicate, Superseded, Cancelled, Skipped, Excluded int
}

// check holds the report against everything that was told.
func (x *exporter) check(ctx context.Context, p *place, want outcomes, each func(yield func(told) bool)) error {
	if _, err := x.applied(ctx); err != nil {
		return err
	}
	text, err := x.get(ctx, "/api/v1/report")
	if err != nil {
		return err
	}
	var said report
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := said.counts(want); err != nil {
		return err
	}
	return said.sums(p, each)
}

// counts holds the outcomes of all inputs against those that are right.
func (r *report) counts(want outcomes) error {
	var got outcomes
	for _, in := range r.Provenance.Inputs {
		got.Rows, got.Accepted, got.Rejected, got.Duplicate = got.Rows+in.Rows, got.Accepted+in.Accepted, got.Rejected+in.Rejected, got.Duplicate+in.Duplicate
		got.Superseded, got.Cancelled, got.Skipped, got.Excluded = got.Superseded+in.Superseded, got.Cancelled+in.Cancelled, got.Skipped+in.Skipped, got.Excluded+in.Excluded
	}
	if got != want {
		return fmt.Errorf("rows of the inputs: got %+v, want %+v", got, want)
	}
	if r.Quality.Rows != want.Rows || r.Quality.Accepted != want.Accepted || r.Quality.Rejected != want.Rejected {
		return fmt.Errorf("quality: got %+v, want %+v", r.Quality, want)
	}
	return nil
}

// sums holds the sums of each area and class against those that are right, in
// every window of years.
func (r *report) sums(p *place, each func(yield func(told) bool)) error {
	known, checked := map[period.Period]map[[2]string]tally{}, 0
	for _, i := range r.Indices {
		if i.Level != "area" || !slices.Contains(p.classes, i.Class) || i.Window == "month" {
			continue
		}
		w := period.Period{From: i.From.Unix(), To: i.To.Unix()}
		if known[w] == nil {
			known[w] = p.sums(w, each)
		}
		want, got := known[w][[2]string{i.Scope, i.Class}], tally{i.Seconds, i.Interruptions}
		if got != want || i.Momentary != 0 {
			return fmt.Errorf("%s, %s, %s from %s to %s: got %+v and %d momentary, want %+v", i.Scope, i.Class, i.Window, i.From, i.To, got, i.Momentary, want)
		}
		if want.seconds > 0 {
			checked++
		}
	}
	if checked == 0 {
		return fmt.Errorf("none of %d indices could be checked", len(r.Indices))
	}
	return nil
}
