package snapshot

import (
	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// quality says how far the data can be trusted.
func (x *examiner) quality(q *engine.Quality, o Options) Quality {
	out := Quality{
		Rows: q.Rows, Accepted: q.Accepted, Rejected: q.Rejected, RejectedReasons: map[string]int{},
		OpenEvents: len(q.Open), StaleOpenEvents: len(q.Stale), PendingEvents: q.Pending, SuspiciousRows: q.Flags,
		OverlapExcess: Milli(q.Loss.Overlap), OverBase: Milli(q.Loss.OverBase), NoOutage: q.NoOutage,
		SplitShare: share(q.Loss.Split, q.Seconds), UnknownNatureShare: share(q.UnknownNature, q.Seconds),
		UnknownFeederShare: share(q.Loss.Unplaced, q.Seconds),
	}
	for reason, n := range q.RejectedReasons {
		out.RejectedReasons[string(reason)] = n
	}
	now, before := x.looked(o)
	out.Coverage = x.coverage(now, before)
	out.Silences = x.silences(period.Period{From: before.From, To: now.To})
	return out
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func rejects(e *engine.Engine) []Reject {
	var list []Reject
	for _, r := range e.Rejects() {
		list = append(list, Reject{
			Path: r.Path, Sheet: r.Sheet, Row: r.Row, Delivery: r.Delivery, EventID: r.Event.ID, Column: r.Column, Value: r.Value,
			Reason: string(r.Reason),
		})
	}
	return list
}

func (b *builder) suspicious() []Suspect {
	var list []Suspect
	for _, s := range b.e.Suspicions() {
		list = append(list, b.suspect(s.Event, s.Origin, s.Event.Flags.Codes()))
	}
	return list
}

func (b *builder) stale(q *engine.Quality) []Suspect {
	var list []Suspect
	for _, i := range q.Stale {
		ev, origin := b.e.Event(i)
		list = append(list, b.suspect(ev, origin, []string{"stale-open-outage"}))
	}
	return list
}

func (b *builder) suspect(ev outage.Event, o engine.Origin, what []string) Suspect {
	return Suspect{Path: o.Path, Sheet: o.Sheet, Row: o.Row, Delivery: o.Delivery, EventID: ev.ID, What: what, Start: b.at(ev.Start)}
}
