package snapshot

import (
	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/policy"
)

// A FeederList is what each feeder adds to a number, the most customer-seconds
// first. With its rest it adds up to the number exactly.
type FeederList struct {
	SchemaVersion   int         `json:"schema_version"`
	AsOf            string      `json:"as_of"` // RFC 3339
	Scope           string      `json:"scope"`
	Class           string      `json:"class"`
	Index           string      `json:"index"`
	From            string      `json:"from"`
	To              string      `json:"to"`
	CustomerSeconds Milli       `json:"customer_seconds"`
	Interruptions   Milli       `json:"interruptions"`
	Lines           []FeederSum `json:"lines"`
	Rest            Rest        `json:"rest"` // Rows are feeders

	Areas []Named `json:"-"`
}

// A FeederSum is what a feeder adds in one area. Feeder is empty for rows that
// name none.
type FeederSum struct {
	Feeder          string `json:"feeder_id"`
	Area            string `json:"area"`
	Customers       Milli  `json:"customers"` // that the base has on it in the scope at as-of; 0 where it does not know it
	Rows            int    `json:"rows"`
	CustomerSeconds Milli  `json:"customer_seconds"`
	Interruptions   Milli  `json:"interruptions"`
}

// Feeders lists the feeders behind a number, Top of them; an unknown scope,
// class or index set is an error. Of an engine that was composed of shares it is
// [ErrPartial] unless the shares were asked for these.
func Feeders(e *engine.Engine, p *policy.Policy, q Question) (*FeederList, error) {
	missed := len(e.Missed())
	b := newBuilder(e, p)
	n, err := b.number(q)
	if err != nil {
		return nil, err
	}
	out := &FeederList{
		SchemaVersion: SchemaVersion, AsOf: b.at(b.asOf), Scope: n.id, Class: n.class, Index: n.set.ID,
		From: b.at(n.tally.Window.From), To: b.at(n.tally.Window.To), CustomerSeconds: Milli(n.sums.Seconds), Interruptions: Milli(n.sums.Interruptions),
		Lines: []FeederSum{}, Areas: b.areas(),
	}
	served := b.servedOn(n.strata)
	for i, f := range e.Feeders(n.strata, q.Window, n.set, b.major) {
		if q.Top > 0 && i >= q.Top {
			out.Rest.Rows++
			out.Rest.CustomerSeconds += Milli(f.Milli)
			out.Rest.Interruptions += Milli(f.Interruptions)
			continue
		}
		out.Lines = append(out.Lines, FeederSum{
			Feeder: f.Name, Area: string(f.Area), Customers: served[feederArea{f.Name, f.Area}], Rows: f.Rows,
			CustomerSeconds: Milli(f.Milli), Interruptions: Milli(f.Interruptions),
		})
	}
	if len(e.Missed()) > missed {
		return nil, ErrPartial
	}
	return out, nil
}

// servedOn gives the customers in service at as-of on every feeder of the base, by
// area, as far as they are in some strata.
func (b *builder) servedOn(strata []int) map[feederArea]Milli {
	wanted := make([]bool, b.e.Base().Strata())
	for _, s := range strata {
		wanted[s] = true
	}
	served := map[feederArea]Milli{}
	cells := b.e.Base().Cells()
	for i := range cells {
		if c := &cells[i]; wanted[c.Stratum] {
			area, _ := b.e.Base().Stratum(c.Stratum)
			served[feederArea{c.Feeder, area}] += Milli(c.InService(b.asOf))
		}
	}
	return served
}
