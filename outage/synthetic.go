package outage

// SyntheticSource is the source of rows that no grid ever sent: made-up data
// carries it in every row, and every answer made from such rows says so.
const SyntheticSource = "synthetic"
