package snapshot

// A Projection is where the year of a target will end, as a distribution. Hours
// are of an average customer, of the whole year or, in a path, of the year to
// date. Once the year is complete every quantile is the value.
type Projection struct {
	Quantiles       map[string]float64 `json:"quantiles_hours"`  // by probability: 0.05, 0.25, 0.5, 0.75 and 0.95
	MissProbability *float64           `json:"miss_probability"` // of a value above the limit; null without a limit
	// PassesOn is the local day from which on the limit is more likely passed than
	// not; null where it is not by the year's end, or was passed already.
	PassesOn *string `json:"passes_on"`
	// Scheduled is what outages that are told already will add to the rest of the
	// year: pre-arranged ones, and faults under way until the end that is told of them.
	Scheduled Milli       `json:"scheduled_customer_seconds"`
	Level     float64     `json:"level"` // of this year against the years before, as far as it can be told; 1 is the same
	Draws     int         `json:"draws"` // futures that were drawn
	Path      []PathPoint `json:"path"`  // at the end of each month of the year
}

// A PathPoint is the year to date at an instant: what may be used of the limit by
// then, what was used, and where it is not over, what may be.
type PathPoint struct {
	At            string             `json:"at"`             // RFC 3339
	ExpectedHours *float64           `json:"expected_hours"` // the part of the limit that history expects to be used by then; null without a limit, where nobody can say, and of a complete year
	ValueHours    *float64           `json:"value_hours"`    // null after as-of
	Quantiles     map[string]float64 `json:"quantiles_hours"`
}

// ProjectedProbabilities are the probabilities of the quantiles of a projection, as
// they are written.
func ProjectedProbabilities() []string { return []string{"0.05", "0.25", "0.5", "0.75", "0.95"} }
