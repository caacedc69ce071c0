//go:build !race

package cluster

// lawSize makes a province of about a million rows of two years.
const lawSize = 2.5
