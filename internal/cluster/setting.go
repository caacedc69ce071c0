package cluster

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/saidi-exporter/saidi/engine"
	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// Options are what a [Member] needs.
type Options struct {
	Store  *clickhouse.Store
	Policy *policy.Policy
	Engine engine.Options // of every engine
	// Snapshot is what the answers are asked for. Its Program must change with all
	// that changes how rows are counted: members of two versions count apart.
	Snapshot snapshot.Options
	// Refresh is the time after which there is another moment although nothing
	// was told; zero means 30 s.
	Refresh time.Duration
	// BatchRows is how many rows an engine holds, but for a group that has more
	// by itself; zero means [DefaultBatchRows].
	BatchRows int
	Now       func() time.Time // required
	ID        string           // of this process, unique among those of the store; required
	// BeatEvery is how often a member says that it is alive, and DeadAfter the
	// time after which one that does not is taken for dead; zero means 2 s and 10 s.
	BeatEvery, DeadAfter time.Duration
}

// DefaultBatchRows is how many rows an engine holds unless options say otherwise.
const DefaultBatchRows = 400_000

const (
	defaultRefresh   = 30 * time.Second
	defaultBeatEvery = 2 * time.Second
	defaultDeadAfter = 10 * time.Second
)

func (o Options) withDefaults() Options {
	orDefault(&o.Refresh, defaultRefresh)
	orDefault(&o.BeatEvery, defaultBeatEvery)
	orDefault(&o.DeadAfter, defaultDeadAfter)
	if o.BatchRows <= 0 {
		o.BatchRows = DefaultBatchRows
	}
	return o
}

func orDefault(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}

// shareForm changes whenever shares of this program do not add up with those of
// the one before.
const shareForm = 1

// setting is a number of all that members count by, the version of the program
// too, as its rules may differ. Members of another setting work for themselves.
func (o *Options) setting() uint64 {
	e, s := o.Engine, o.Snapshot
	return digest(shareForm, s.Program, o.Policy.SHA256, e.Zone.String(), e.Bands, e.StaleAfter, e.Watch, s.Year, s.Window, s.Suspicious, s.Detail, s.Anonymous, s.Worst)
}

// eraOf is a number of all that the shares of a moment depend on, but for rows and
// as-of.
func eraOf(m *clickhouse.Moment) uint64 {
	return digest(m.Setting, m.Told, m.Ask, m.Refused, m.Generation)
}

// digest is a number of some values, never 0.
func digest(values ...any) uint64 {
	text, err := json.Marshal(values)
	if err != nil {
		panic("cluster: a value that cannot be written: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return max(1, binary.BigEndian.Uint64(sum[:]))
}
