package policy

import (
	_ "embed"
	"strings"
	"time"
	_ "time/tzdata" // so that zones are found on a machine without a time zone database
)

// zones are the names of the IANA time zone database, one a line, among which
// the nearest to a misspelt one is sought.
//
//go:embed zones.txt
var zones string

// loadZone finds a time zone by its IANA name. The machine's own zone is none:
// an answer must not depend on where it is worked out.
func loadZone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	loc, err := time.LoadLocation(name)
	return loc, err == nil
}

func zoneNames() []string { return strings.Fields(zones) }
