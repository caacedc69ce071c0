package metrics

import (
	"time"
)

// health adds what is known without a snapshot, and when the snapshot was made.
func (b book) health(s *State) {
	b.sources(s.Sources)
	b.add(GroupsRecomputedTotal, float64(s.Groups))
	b.add(ConfigReloadSuccessful, truth(s.ReloadOK))
	b.addTime(ConfigReloadTimestamp, s.ReloadTime)
	if s.Snapshot == nil {
		return
	}
	if at := s.Snapshot.Detail.AsOf; at != 0 {
		b.add(SnapshotAsOf, float64(at))
	}
	b.addTime(SnapshotComputed, s.Computed)
	for step, took := range s.Steps {
		b.add(SnapshotDuration, took.Seconds(), step)
	}
	b.add(SnapshotSynthetic, truth(s.Snapshot.Synthetic))
}

func (b book) sources(all []Source) {
	texts := map[string]bool{}
	for i := range all {
		texts[all[i].Name] = true
	}
	names := shown(texts)
	for i := range all {
		b.source(&all[i], names[all[i].Name])
	}
}

// source adds the health of one source. What it has never done has no sample.
func (b book) source(s *Source, name string) {
	b.add(SourceUp, truth(s.Up), name)
	b.add(SourceFaults, float64(s.Faults), name)
	if s.LatestEvent != 0 {
		b.add(LatestEvent, float64(s.LatestEvent), name)
	}
	b.addTime(IngestLastSuccess, s.LastSuccess, name)
	if s.Duration > 0 {
		b.add(IngestDurationSeconds, s.Duration.Seconds(), name)
	}
	for _, r := range s.Rows {
		b.add(IngestRowsTotal, float64(r.Count), name, r.Outcome, r.Reason)
	}
}

// addTime adds an instant in seconds since 1970; one that is zero has not been.
func (b book) addTime(name string, at time.Time, labels ...string) {
	if !at.IsZero() {
		b.add(name, float64(at.UnixMilli())/1000, labels...)
	}
}
