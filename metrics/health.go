package metrics

import (
	"strconv"
	"time"
)

// health adds what is known without a snapshot, and when the snapshot was made.
func (b book) health(s *State) {
	b.sources(s.Sources)
	if s.Store != nil {
		b.store(s.Store)
	}
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
	if s.Pending != nil {
		b.add(SourcePendingMessages, float64(*s.Pending), name)
	}
	for _, r := range s.Rows {
		b.add(IngestRowsTotal, float64(r.Count), name, r.Outcome, r.Reason)
	}
}

// store adds the store and who wrote into it.
func (b book) store(s *Store) {
	b.add(StoreSequence, float64(s.Sequence))
	b.add(StoreAppliedSequence, float64(s.Applied))
	b.add(StoreDeliveries, float64(s.Deliveries))
	b.add(StoreRows, float64(s.Rows))
	b.add(StoreTailRows, float64(s.TailRows))
	b.add(StoreSegments, float64(s.Segments))
	b.add(StoreBytes, float64(s.Bytes))
	b.add(StoreFaults, float64(s.Faults))
	if s.Cluster != nil {
		b.cluster(s.Cluster)
	}
	b.add(PushInFlight, float64(s.InFlight))
	texts := map[string]bool{}
	for i := range s.Writers {
		texts[s.Writers[i].Name] = true
	}
	names := shown(texts)
	for i := range s.Writers {
		w := &s.Writers[i]
		for status, n := range w.Requests {
			b.add(PushRequestsTotal, float64(n), names[w.Name], status)
		}
		b.add(PushBytesTotal, float64(w.Bytes), names[w.Name])
		b.add(PushSecondsTotal, w.Seconds, names[w.Name])
	}
}

// cluster adds how the shared work is going.
func (b book) cluster(c *Cluster) {
	b.add(ClusterMembers, float64(c.Members))
	b.add(ClusterSlots, float64(c.Slots))
	b.add(ClusterSlotsPending, float64(c.Pending))
	if c.Moment != 0 {
		b.add(ClusterMoment, float64(c.Moment))
	}
	b.add(ClusterBehind, float64(c.Behind))
	b.add(ClusterGroupsTotal, float64(c.Groups))
	b.add(ClusterRowsTotal, float64(c.Rows))
	b.add(ClusterDuration, c.Work.Seconds(), "work")
	b.add(ClusterDuration, c.Compose.Seconds(), "compose")
	for i, up := range c.Shards {
		b.add(ClusterShardUp, truth(up), strconv.Itoa(i+1))
	}
}

// addTime adds an instant in seconds since 1970; one that is zero has not been.
func (b book) addTime(name string, at time.Time, labels ...string) {
	if !at.IsZero() {
		b.add(name, float64(at.UnixMilli())/1000, labels...)
	}
}
