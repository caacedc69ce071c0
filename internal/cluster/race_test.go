//go:build race

package cluster

// lawSize is the size of the province under the race detector, where each row
// takes ten times as long.
const lawSize = 0.02
