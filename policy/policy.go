package policy

import (
	"time"

	"github.com/saidi-exporter/saidi/period"
)

// The values that a file need not give.
const (
	DefaultMomentary int64 = 180        // seconds; 短时停电 in China and the EU
	DefaultSettle    int64 = 45 * 86400 // seconds; the year's report is due by 15 February
	DefaultWhole           = "whole"    // the id of all areas together
)

// A Policy is what one policy file says. It does not change after it is read,
// so any number of goroutines may read it.
type Policy struct {
	ID          string
	Title       Text
	Source      string         // where the policy is published, empty where not given
	Zone        *time.Location // in which days, months and years begin
	Index       string         // the id of the index set that is judged
	Indices     []string       // the ids of the index sets that are shown, Index among them
	Momentary   int64          // seconds, 1 … 3600; an interruption of exactly this length is momentary
	YearStart   period.YearStart
	Settle      int64 // seconds, 0 … 3660 days; a closed year may change for so long after its end
	Valid       Validity
	Areas       []Area // at least one, in the order of the file
	Groups      []Group
	Whole       Group // all areas
	Classes     []Class
	ClassGroups []ClassGroup
	SHA256      string // of the file's bytes, in lower-case hexadecimal
}
