// Package report shows a snapshot as text for people, as JSON by the contract,
// and as CSV; and the rejected rows with what to do about each.
package report
