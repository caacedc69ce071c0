package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
)

// The kinds of entries, each with its key and numbers. Numbers of groups, strata,
// accounts and feeders are those of the base and the store, which all engines of a
// store have in common; what else names things is their text.
const (
	lossEntry        uint8 = iota + 1 // "": over base, overlap, split, unplaced
	outcomesEntry                     // account: rows accepted, rejected, duplicate, superseded
	moreEntry                         // account: rows cancelled, excluded
	reasonEntry                       // account, reason: rejected rows
	sourceEntry                       // source: groups with rows of it
	flagEntry                         // bit: accepted rows
	noOutageEntry                     // "": what a wide is made of, see wideParts
	censusEntry                       // year, areas: rows in force, over base, told
	hoursEntry                        // block, areas: groups with a start in each hour, see hourBits
	causeEntry                        // year, stratum, cause: milli
	feederEntry                       // year, stratum, number of the feeder: milli
	otherFeederEntry                  // year, stratum, name of a feeder that only rows name: milli
	repeatEntry                       // year, stratum, rule: milli
	edgeEntry                         // a spot: milli, interrupted, events
	aheadEntry                        // the end of time, a spot: milli, pieces
	identityEntry                     // place among the identities, pool, part: see identityParts
	lastDayEntry                      // day: groups of which the last row starts on it
	totalEntry                        // place among the feeders, stratum, number of the feeder: milli, interruptions, rows
	otherTotalEntry                   // place among the feeders, stratum, name: milli, interruptions, rows
	entryKinds
)

// A spot is all of a piece but how many customers it is of.
type spot struct {
	stratum          int32
	nature           outage.Nature
	band             reliability.Band
	from, to, booked int64
}

func spotOf(p *reliability.Piece) spot {
	return spot{p.Stratum, p.Nature, p.Band, p.From, p.To, p.Booked}
}

// key writes a spot: the times as differences, which are short.
func (s *spot) key() string {
	return entryText(int64(s.stratum), int64(s.nature), int64(s.band), s.from, s.to-s.from, s.from-s.booked)
}

// spotOf reads what key wrote.
func (r *entryReader) spot() spot {
	s := spot{stratum: int32(r.number()), nature: outage.Nature(r.number()), band: reliability.Band(r.number()), from: r.number()}
	s.to = s.from + r.number()
	s.booked = s.from - r.number()
	return s
}

func (s *spot) piece(milli int64) reliability.Piece {
	return reliability.Piece{
		Unit: reliability.Nowhere, Cell: reliability.Nowhere, Stratum: s.stratum, Nature: s.nature, Band: s.band,
		From: s.from, To: s.to, Booked: s.booked, Milli: milli,
	}
}

// entryText writes the numbers of a key.
func entryText(numbers ...int64) string {
	var b []byte
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(b)
}

// An entryReader reads a key: numbers, then perhaps a text.
type entryReader struct {
	rest string
	err  error
}

func (r *entryReader) number() int64 {
	word, rest, _ := strings.Cut(r.rest, " ")
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("key of an entry: %w", err)
	}
	r.rest = rest
	return n
}

// compareEntries is the order of the entries of a share.
func compareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Key, b.Key))
}

func compareDaySums(a, b DaySum) int {
	return cmp.Or(cmp.Compare(a.Stratum, b.Stratum), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Nature, b.Nature), cmp.Compare(a.Band, b.Band))
}

// wideParts cuts a wide into four parts of 32 bits, which do not overflow when
// they are added up.
func wideParts(w wide) [4]int64 {
	const low = 1<<32 - 1
	return [4]int64{int64(w.low & low), int64(w.low >> 32), int64(w.high & low), int64(w.high >> 32)}
}

// addParts adds the sums of such parts.
func (w *wide) addParts(n [4]int64) {
	carry := uint64(0)
	var parts [4]uint64
	for i, part := range n {
		sum := uint64(part) + carry
		parts[i], carry = sum&(1<<32-1), sum>>32
	}
	w.plus(wide{high: parts[3]<<32 | parts[2], low: parts[1]<<32 | parts[0]})
}

// Hours with a start are told twelve together, three in each number, so that two
// million groups may be added up.
const (
	hoursTogether = 12
	hoursInOne    = 3
	hourBits      = 21
)

func setHour(n *[4]int64, hour int) {
	at := hour % hoursTogether
	n[at/hoursInOne] |= 1 << (hourBits * (at % hoursInOne))
}

func hasHour(n *[4]int64, at int) bool {
	return n[at/hoursInOne]>>(hourBits*(at%hoursInOne))&(1<<hourBits-1) != 0
}

// identityParts are the entries of an identity: distinct and anonymous, then times
// and hours, four to an entry.
func identityParts(d *reliability.Identity) (parts [][4]int64) {
	anonymous := int64(0)
	if d.Anonymous {
		anonymous = 1
	}
	for some := range slices.Chunk(slices.Concat([]int64{anonymous, d.Distinct}, d.Times[:], d.Hours), 4) {
		var n [4]int64
		copy(n[:], some)
		parts = append(parts, n)
	}
	return parts
}

// addPart adds the sums of one of these.
func addPart(d *reliability.Identity, part int, n [4]int64) {
	for k, v := range n {
		switch at := 4*part + k; {
		case at == 0:
			d.Anonymous = d.Anonymous || v > 0
		case at == 1:
			d.Distinct += v
		case at-2 < len(d.Times):
			d.Times[at-2] += v
		case at-2-len(d.Times) < len(d.Hours):
			d.Hours[at-2-len(d.Times)] += v
		}
	}
}
