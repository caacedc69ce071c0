package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/reliability"
)

// EngineOptions are those of an engine whose sums are judged by p. Outages that
// have been open for longer than staleAfter are stale.
func EngineOptions(p *policy.Policy, staleAfter time.Duration) engine.Options {
	return engine.Options{
		Zone: p.Zone, Bands: reliability.Bands{Momentary: p.Momentary, IEEE: reliability.IEEEThreshold},
		StaleAfter: int64(staleAfter / time.Second),
	}
}

// NotesOfBase says what is odd about a base that is in order.
func NotesOfBase(b *reliability.Base) []outage.Note {
	if b.Duplicates == 0 {
		return nil
	}
	return []outage.Note{outage.Notef("base-repeats", "%d rows of the base repeat others in every field and count once", b.Duplicates)}
}

// DigestOfBase gives the digest of one file of the base as it is, and of several
// the digest of theirs in order.
func DigestOfBase(digests []string) string {
	if len(digests) <= 1 {
		return strings.Join(digests, "")
	}
	sum := sha256.Sum256([]byte(strings.Join(digests, "\n")))
	return hex.EncodeToString(sum[:])
}

// WatchFor is what an engine has to keep for a [Detail] by p.
func WatchFor(p *policy.Policy) *engine.Watch {
	w := &engine.Watch{Years: p.YearStart}
	for i := range p.RepeatRules {
		w.Repeats = append(w.Repeats, p.RepeatRules[i].RepeatRule)
	}
	return w
}
