package engine

import (
	"math"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
	"github.com/saidi-exporter/saidi/reliability"
)

// folded is what is added up of one share.
type folded struct {
	sums   map[dayKey]reliability.Sums
	loss   reliability.Loss
	edges  map[spot][3]int64
	ahead  []map[spot][2]int64 // by end of time: milli and pieces, as one of no customers tells of something too
	census map[censusKey][3]int64
	hours  map[hourKey]*[4]int64
	flags  [16]int64
	none   wide
	last   int64 // start of the last accepted row that is over
	others map[entryKey][4]int64
}

type dayKey struct {
	stratum int32
	day     period.Day
	nature  outage.Nature
	band    reliability.Band
}

type hourKey struct {
	block int
	areas string
}

type entryKey struct {
	kind uint8
	key  string
}

func (f *folded) clear() {
	if f.sums == nil {
		*f = folded{
			sums: map[dayKey]reliability.Sums{}, edges: map[spot][3]int64{}, census: map[censusKey][3]int64{},
			hours: map[hourKey]*[4]int64{}, others: map[entryKey][4]int64{},
		}
	}
	clear(f.sums)
	clear(f.edges)
	clear(f.census)
	clear(f.hours)
	clear(f.others)
	for _, list := range f.ahead {
		clear(list)
	}
	f.loss, f.flags, f.none, f.last = reliability.Loss{}, [16]int64{}, wide{}, math.MinInt64
}

// add adds numbers to an entry.
func (f *folded) add(kind uint8, key string, n ...int64) {
	k := entryKey{kind, key}
	sums := f.others[k]
	for i, v := range n {
		sums[i] += v
	}
	f.others[k] = sums
}

// piece adds a piece as [reliability.DaySums.Add] does.
func (f *folded) piece(c *period.Calendar, p *reliability.Piece) {
	day := c.Index(p.From)
	f.addLoss(p)
	first := reliability.Sums{Interruptions: p.Interrupted, Events: p.Events}
	key := dayKey{p.Stratum, c.First + period.Day(day), p.Nature, p.Band}
	if p.Milli == 0 || p.From == p.To {
		f.addSums(key, first)
		return
	}
	if p.Booked == p.From && p.To <= c.Start(day+1) { // as most are, and the short way
		first.Booked, first.Seconds = p.Seconds(), p.Seconds()
		f.addSums(key, first)
		return
	}
	f.addSums(key, first)
	booked := key
	booked.day = c.First + period.Day(c.Index(p.Booked))
	f.addSums(booked, reliability.Sums{Booked: p.Seconds()})
	for from := p.From; from < p.To; day++ {
		to := min(p.To, c.Start(day+1))
		key.day = c.First + period.Day(day)
		f.addSums(key, reliability.Sums{Seconds: p.Milli * (to - from)})
		from = to
	}
}

func (f *folded) addSums(key dayKey, more reliability.Sums) {
	if more == (reliability.Sums{}) {
		return
	}
	sums := f.sums[key]
	sums.Add(more, 1)
	f.sums[key] = sums
}

func (f *folded) addLoss(p *reliability.Piece) {
	length := p.To - p.From
	f.loss.OverBase += p.OverBase * length
	f.loss.Overlap += p.Overlap * length
	if p.Split {
		f.loss.Split += p.Seconds()
	}
	if p.Cell == reliability.Nowhere {
		f.loss.Unplaced += p.Seconds()
	}
}

// edge keeps a piece of a day in which a window may be cut.
func (f *folded) edge(p *reliability.Piece) {
	key := spotOf(p)
	n := f.edges[key]
	f.edges[key] = [3]int64{n[0] + p.Milli, n[1] + p.Interrupted, n[2] + p.Events}
}

// tellAhead keeps a piece of what is ahead, up to the n-th end of time.
func (f *folded) tellAhead(n int, p *reliability.Piece) {
	for n >= len(f.ahead) {
		f.ahead = append(f.ahead, map[spot][2]int64{})
	}
	sums := f.ahead[n][spotOf(p)]
	f.ahead[n][spotOf(p)] = [2]int64{sums[0] + p.Milli, sums[1] + 1}
}

// days lists the day sums in order.
func (f *folded) days() []DaySum {
	list := make([]DaySum, 0, len(f.sums))
	for k, sums := range f.sums {
		list = append(list, DaySum{k.stratum, k.day, k.nature, k.band, sums})
	}
	slices.SortFunc(list, compareDaySums)
	return list
}

// entries lists everything else in order.
func (f *folded) entries() []Entry {
	if f.loss != (reliability.Loss{}) {
		f.add(lossEntry, "", f.loss.OverBase, f.loss.Overlap, f.loss.Split, f.loss.Unplaced)
	}
	for bit, n := range f.flags {
		if n != 0 {
			f.add(flagEntry, entryText(int64(bit)), n)
		}
	}
	if f.none != (wide{}) {
		parts := wideParts(f.none)
		f.add(noOutageEntry, "", parts[:]...)
	}
	list := make([]Entry, 0, len(f.others)+len(f.edges)+len(f.census)+len(f.hours))
	for k, n := range f.others {
		list = append(list, Entry{k.kind, k.key, n})
	}
	for k, n := range f.edges {
		list = append(list, Entry{edgeEntry, k.key(), [4]int64{n[0], n[1], n[2]}})
	}
	for to, some := range f.ahead {
		for k, n := range some {
			list = append(list, Entry{aheadEntry, entryText(int64(to)) + " " + k.key(), [4]int64{n[0], n[1]}})
		}
	}
	for k, n := range f.census {
		list = append(list, Entry{censusEntry, entryText(int64(k.year)) + " " + k.areas, [4]int64{n[0], n[1], n[2]}})
	}
	for k, n := range f.hours {
		list = append(list, Entry{hoursEntry, entryText(int64(k.block)) + " " + k.areas, *n})
	}
	slices.SortFunc(list, compareEntries)
	return list
}
