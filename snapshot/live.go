package snapshot

// A Live is what is going on at as-of: who is without supply, and by which
// outages.
type Live struct {
	SchemaVersion int          `json:"schema_version"`
	AsOf          string       `json:"as_of"`   // RFC 3339
	Scopes        []LiveScope  `json:"scopes"`  // areas, groups and the whole, in the order of the policy
	Outages       []LiveOutage `json:"outages"` // the most customers first, at most [MostLive]
	More          int          `json:"more"`    // outages that are not listed
	Areas         []Named      `json:"-"`
	Classes       []Named      `json:"-"`
}

// MostLive is how many outages a [Live] lists.
const MostLive = 200

// A LiveScope is who is without supply in one area, group or the whole, all
// classes.
type LiveScope struct {
	Scope       string `json:"scope"`
	Level       string `json:"level"`
	Served      Milli  `json:"served_customers"`
	Interrupted Milli  `json:"interrupted_customers"`
	Outages     int    `json:"outages"`
}

// A LiveOutage is what one row has out at as-of in one area and class.
type LiveOutage struct {
	Customers       Milli  `json:"customers"`        // out at as-of
	CustomerSeconds Milli  `json:"customer_seconds"` // of the row so far, in the running year
	Source          string `json:"source"`
	EventID         string `json:"event_id"`
	Feeder          string `json:"feeder_id"`
	Unit            string `json:"unit_id"`
	Area            string `json:"area"`
	Class           string `json:"class"`
	Nature          string `json:"nature"`
	Cause           string `json:"cause"`
	Start           string `json:"start"`
	End             string `json:"end"` // that is told; empty where none is
	Stale           bool   `json:"stale"`
}
