package snapshot

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/policy"
)

// SchemaVersion is the version of the JSON contract.
const SchemaVersion = 1

// A Snapshot is one answer. It does not change after [Build].
type Snapshot struct {
	SchemaVersion int        `json:"schema_version"`
	Provenance    Provenance `json:"provenance"`
	Synthetic     bool       `json:"synthetic"`    // at least one row is made up, and so is the answer
	Provisional   bool       `json:"provisional"`  // an outage without end was counted up to as-of
	DataThrough   string     `json:"data_through"` // RFC 3339: up to here the data is taken to be whole, in every area
	Indices       []Entry    `json:"indices"`
	Targets       []Target   `json:"targets"`
	Quality       Quality    `json:"quality"`

	// What a report shows beside the contract.
	Title       policy.Text `json:"-"` // of the policy
	Judged      Judged      `json:"-"`
	Areas       []Named     `json:"-"` // of the policy
	Index       string      `json:"-"` // the index set that is judged
	Rejects     []Reject    `json:"-"`
	Suspicious  []Suspect   `json:"-"`
	OpenOutages []Suspect   `json:"-"` // stale ones
	Detail      *Detail     `json:"-"` // nil unless asked for
	Live        *Live       `json:"-"` // beside the detail

	// Places are the words by which files mean the areas: division codes among them,
	// by area.
	Places map[string][]string `json:"-"`
}

// A Named is an area or a class of the policy with its name.
type Named struct {
	ID   string
	Name policy.Text
}

// Judged says why there are targets, or none.
type Judged struct {
	Years     []JudgedYear // that are shown and have targets
	Deadlines []int        // the years of the policy's deadlines
}

// A JudgedYear is a year in which targets are judged.
type JudgedYear struct {
	Year      int
	To        string // RFC 3339: how far it is judged
	Complete  bool
	Settled   bool
	SettledOn string // RFC 3339: from when on its data is not corrected any more
}

// A Provenance says where an answer comes from.
type Provenance struct {
	Program       string `json:"program"`
	Policy        Digest `json:"policy"`
	BaseSHA256    string `json:"base_sha256"`    // of the base files; of several, of their digests in order
	MappingSHA256 string `json:"mapping_sha256"` // empty without a mapping
	LedgerSHA256  string `json:"ledger_sha256"`  // empty without a ledger
	AsOf          string `json:"as_of"`          // RFC 3339
	KnownAt       int64  `json:"known_at"`       // the last sequence of the store that counts; without a store, the number of deliveries
	Zone          string `json:"zone"`
	TZData        string `json:"tzdata"` // where the time zones come from
	Inputs        []File `json:"inputs"`

	Notes []outage.Note `json:"notes"` // what is odd about files and arguments
}

// A Digest names a policy and its bytes.
type Digest struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

// A File is one delivery and what became of its rows; Rows is the sum of the
// counts behind it.
type File struct {
	Path       string `json:"path"`
	Content    string `json:"content"`
	SHA256     string `json:"sha256"`
	Rows       int    `json:"rows"`
	Accepted   int    `json:"accepted"`
	Rejected   int    `json:"rejected"`
	Duplicate  int    `json:"duplicate"`
	Superseded int    `json:"superseded"`
	Cancelled  int    `json:"cancelled"`
	Skipped    int    `json:"skipped"`
	Excluded   int    `json:"excluded"`
}

// An Entry is the indices of one scope, class and window.
type Entry struct {
	Scope  string `json:"scope"`
	Level  string `json:"level"` // area, group or whole
	Class  string `json:"class"` // a class, a group of classes, or all
	Window string `json:"window"`
	From   string `json:"from"` // RFC 3339, inclusive
	To     string `json:"to"`   // RFC 3339, exclusive

	CustomerSeconds       Milli   `json:"customer_seconds"`        // all natures and bands
	Interruptions         Milli   `json:"interruptions"`           // longer than the momentary threshold
	MomentaryInterruption Milli   `json:"momentary_interruptions"` // the rest
	Events                int64   `json:"events"`
	EquivalentCustomers   float64 `json:"equivalent_customers"`

	SAIDIHours  *float64 `json:"saidi_hours"` // of the policy's index set, as are SAIFI and CAIDI
	SAIFI       *float64 `json:"saifi"`
	MAIFI       *float64 `json:"maifi"`
	CAIDIHours  *float64 `json:"caidi_hours"`
	ASAI        *float64 `json:"asai"`
	CTAIDIHours *float64 `json:"ctaidi_hours"`
	CAIFI       *float64 `json:"caifi"`

	CEMI  map[string]float64 `json:"cemi"`  // by number of interruptions
	CELID map[string]float64 `json:"celid"` // by hours

	ENSMWh     *float64 `json:"ens_mwh"`
	AENSkWh    *float64 `json:"aens_kwh"`
	ASIDIHours *float64 `json:"asidi_hours"`
	ASIFI      *float64 `json:"asifi"`

	// WithoutData lists the members of which nothing is known in the window: no
	// customers in service, or neither an accepted row in its year nor a declared
	// period. With one that has customers the indices do not exist.
	WithoutData []string `json:"without_data"`

	ByIndex  map[string]Index `json:"by_index"`
	ByNature map[string]Part  `json:"by_nature"`

	// Reduction is 1 − SAIDI / SAIDI of the year before by the index set that is
	// judged, of ytd and year; while the year runs of both up to the same local date
	// and clock, where the data reaches.
	Reduction *float64 `json:"-"`

	Name      policy.Text `json:"-"` // of the scope
	ClassName policy.Text `json:"-"`
	Pooled    bool        `json:"-"` // the class is a group of classes
	Length    int64       `json:"-"` // of the window, seconds
}

// An Index is what one index set makes of the same sums.
type Index struct {
	SAIDIHours *float64 `json:"saidi_hours"`
	SAIFI      *float64 `json:"saifi"`
	CAIDIHours *float64 `json:"caidi_hours"`
}

// A Part is the share of one nature in the sums, all bands.
type Part struct {
	CustomerSeconds Milli `json:"customer_seconds"`
	Interruptions   Milli `json:"interruptions"`

	MomentarySeconds       Milli `json:"momentary_customer_seconds"` // of these, the momentary part
	MomentaryInterruptions Milli `json:"momentary_interruptions"`
	Events                 int64 `json:"events"` // in their largest part
}

// Milli is a number in thousandths. In JSON it is exact, with decimals only
// where it has any.
type Milli int64

// MarshalJSON writes m without rounding.
func (m Milli) MarshalJSON() ([]byte, error) { return []byte(m.String()), nil }

// String is m as a decimal number.
func (m Milli) String() string {
	if m%1000 == 0 {
		return strconv.FormatInt(int64(m)/1000, 10)
	}
	sign, n := "", uint64(m)
	if m < 0 {
		sign, n = "-", uint64(-m)
	}
	part := strconv.FormatUint(1000+n%1000, 10)[1:]
	for part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	return sign + strconv.FormatUint(n/1000, 10) + "." + part
}

// Float is m as a floating-point number.
func (m Milli) Float() float64 { return float64(m) / 1000 }

// A Quality says how far the data can be trusted.
type Quality struct {
	Rows            int            `json:"rows"`
	Accepted        int            `json:"accepted"`
	Rejected        int            `json:"rejected"`
	RejectedReasons map[string]int `json:"rejected_reasons"`
	OpenEvents      int            `json:"open_events"`       // rows without end, still out at as-of
	StaleOpenEvents int            `json:"stale_open_events"` // of these, out for longer than the limit (three days)
	PendingEvents   int            `json:"pending_events"`    // rows that start after as-of
	SuspiciousRows  map[string]int `json:"suspicious_rows"`   // accepted rows, by what is odd about them

	OverlapExcess Milli   `json:"overlap_excess_customer_seconds"` // not counted: others were out already
	OverBase      Milli   `json:"over_base_customer_seconds"`      // not counted: more than the base has
	NoOutage      float64 `json:"excluded_customer_hours"`         // not counted: what rows of no outage speak of, customers times time

	SplitShare         float64    `json:"split_share"`          // of customer-seconds, from rows split over classes in proportion
	UnknownNatureShare float64    `json:"unknown_nature_share"` // of customer-seconds
	UnknownFeederShare float64    `json:"unknown_feeder_share"` // of customer-seconds
	Coverage           []Coverage `json:"coverage"`
	Silences           []Silence  `json:"silences"`
}

// A Coverage is how much of an area's time deliveries declare to cover; null
// where none declares anything of the area.
type Coverage struct {
	Area        string   `json:"area"`
	Ratio       *float64 `json:"ratio"`        // of the year that is shown, or of the window asked for
	PriorRatio  *float64 `json:"prior_ratio"`  // of the year before, to its end
	Gaps        []Gap    `json:"gaps"`         // of both, in order of time
	DataThrough string   `json:"data_through"` // RFC 3339: the end of the last declared period, else as-of
}

// A Silence is a time without the start of an outage in an area, longer than
// chance explains.
type Silence struct {
	Area string `json:"area"`
	Gap
	Declared bool `json:"declared"` // deliveries declare to cover all of it
}

// A Gap is a span of time that no delivery covers.
type Gap struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A Reject is a row that could not be counted.
type Reject struct {
	Path, Sheet string
	Row         int
	Delivery    int64 // of a store; 0 of a file
	EventID     string
	Column      string
	Value       string
	Reason      string
}

// A Suspect is a row that counts and about which something is odd.
type Suspect struct {
	Path, Sheet string
	Row         int
	Delivery    int64 // of a store; 0 of a file
	EventID     string
	What        []string
	Start       string // RFC 3339
}

// UnmarshalJSON reads a decimal number with at most three decimals.
func (m *Milli) UnmarshalJSON(data []byte) error {
	whole, part, _ := strings.Cut(string(data), ".")
	if len(part) > 3 {
		return fmt.Errorf("%s has more than three decimals", data)
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	*m = Milli(n)
	return err
}
