package shard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// An author makes records of one province up, in the past of its begin.
type author struct {
	rng   *rand.Rand
	begin time.Time // of the 400 days that it tells of
	name  string    // that all its events begin with
	told  []record  // each event as it was told last
}

// A record is what is told of an event at one time.
type record struct {
	ID        string `json:"event_id"`
	Source    string `json:"source"`
	Feeder    string `json:"feeder_id,omitempty"`
	Unit      string `json:"unit_id,omitempty"`
	Area      string `json:"area,omitempty"`
	Class     string `json:"class,omitempty"`
	Start     string `json:"start"`
	End       string `json:"end,omitempty"`
	Customers int    `json:"customers"`
	Nature    string `json:"nature"`
	Cause     string `json:"cause,omitempty"`
	Revision  int    `json:"revision,omitempty"`
	Cancelled bool   `json:"cancelled,omitempty"`

	number int // of the feeder
	start  time.Time
}

const (
	feeders      = 96 // that the first base knows
	byUnit       = 64 // from this one on: each has units of its own
	unitsOf      = 4  // of such a feeder
	days         = 400
	leastOfPlace = 20 // customers of a feeder or unit at least
)

func newAuthor(name string, seed uint64) *author {
	return &author{rng: rand.New(rand.NewPCG(seed, 9)), name: name, begin: time.Now().Truncate(time.Hour).Add(-(days + 2) * 24 * time.Hour)}
}

// placeOf is where a feeder is.
func placeOf(feeder int) (name, area, class string) {
	areas := []string{"xining", "haidong", "haixi", "huangnan", "hainan", "haibei", "golog", "yushu"}
	classes := []string{"urban-core", "urban", "town", "rural"}
	return fmt.Sprintf("F%03d", feeder), areas[feeder%len(areas)], classes[feeder/len(areas)%len(classes)]
}

// unitOf is a unit of a feeder.
func unitOf(feeder, n int) string { return fmt.Sprintf("T%03d-%d", feeder, n) }

// customersOf is how many a feeder, or one of its units, has.
func customersOf(feeder int) int { return leastOfPlace + feeder*37%200 }

// fresh are n new events, a few of which go on.
func (a *author) fresh(n int) []record {
	list := make([]record, n)
	for i := range list {
		list[i] = a.one(a.rng.IntN(feeders))
	}
	return list
}

// one is a new event of a feeder.
func (a *author) one(feeder int) record {
	r := record{
		ID: fmt.Sprintf("%s%05d", a.name, len(a.told)), Source: source, Nature: []string{"fault_internal", "planned_maintenance", "fault_external"}[a.rng.IntN(3)],
		Cause: []string{"weather", "bird", "excavator", "unknown cause"}[a.rng.IntN(4)], Customers: 1 + a.rng.IntN(leastOfPlace),
	}
	r.at(feeder, a.rng)
	a.times(&r)
	a.told = append(a.told, r)
	return r
}

// at moves the record to a feeder, or to a unit of it.
func (r *record) at(feeder int, rng *rand.Rand) {
	r.Feeder, _, _ = placeOf(feeder)
	r.Unit, r.number = "", feeder
	if feeder >= byUnit {
		r.Unit = unitOf(feeder, rng.IntN(unitsOf))
	}
}

// times gives the record a start and an end; one in fifty goes on.
func (a *author) times(r *record) {
	r.start = a.begin.Add(time.Duration(a.rng.IntN(days*24*60)) * time.Minute)
	r.Start, r.End = rfc3339(r.start), rfc3339(r.start.Add(time.Duration(1+a.rng.IntN(600))*time.Minute))
	if a.rng.IntN(50) == 0 {
		r.End = ""
	}
}

func rfc3339(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// revised tells n events again, changed.
func (a *author) revised(n int, change func(*record)) []record {
	var list []record
	for _, k := range a.rng.Perm(len(a.told))[:n] {
		r := &a.told[k]
		r.Revision++
		change(r)
		list = append(list, *r)
	}
	return list
}

// corrected gives events other times and customers.
func (a *author) corrected(r *record) {
	a.times(r)
	r.Customers = 1 + a.rng.IntN(leastOfPlace)
}

// moved gives events another feeder.
func (a *author) moved(r *record) { r.at((r.number+1+a.rng.IntN(feeders-1))%feeders, a.rng) }

// loose are events that no feeder of the base has: of feeders that it does not
// know, and of areas.
func (a *author) loose(n int) []record {
	list := make([]record, n)
	for i := range list {
		feeder := feeders + i%8
		list[i] = a.one(feeder)
		list[i].Unit = ""
		if i%2 == 0 {
			list[i].Feeder, list[i].Area, list[i].Class = placeOf(feeder)
		}
		a.told[len(a.told)-1] = list[i]
	}
	return list
}

// lines are records as NDJSON.
func lines(t testing.TB, list []record) []byte {
	t.Helper()
	var b bytes.Buffer
	for i := range list {
		text, err := json.Marshal(&list[i])
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	return b.Bytes()
}
