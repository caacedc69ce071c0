package forecast

import "math"

// Options are what a model depends on besides its history.
type Options struct {
	Seed  uint64
	Draws int // zero means [DefaultDraws]
}

// DefaultDraws is how many futures are drawn where nothing else is asked for.
const DefaultDraws = 1000

// A Model is what a history says of the rest of a year: futures, each of all
// strata together, so that what hits several at once hits them in the same draw.
// It does not change after [New], so any number of goroutines may ask it.
type Model struct {
	origin Origin
	draws  int
}

// New makes the model of what comes after an origin; the history may go on beyond
// it and is not looked at there. ahead has an entry for each stratum.
func New(h *History, at Origin, ahead []Ahead, o Options) *Model {
	return &Model{origin: at, draws: DefaultDraws}
}

// Project answers a question; ok is false where there is too little history of one
// of the strata, and of those like it.
func (m *Model) Project(q *Question) (p *Projection, ok bool) { return nil, false }

// Usual is the customer-seconds of a part that history expects in some strata from
// one day to before another, at the customers of now and the level of the years
// before. The days lie in the year of the origin. Shares of a year, of months, of
// parts and of strata are divisions of it. ok is false as in [Model.Project].
func (m *Model) Usual(strata []int, p Part, from, to int) (seconds float64, ok bool) { return 0, false }

// Level is what this year so far says of its level, against that of the years
// before: 1 where it is the same or there is nothing to say. It is shrunk towards
// 1 by how little the days so far can tell.
func (m *Model) Level(strata []int) float64 { return 1 }

func quantile(sorted []int64, share float64) int64 {
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}
