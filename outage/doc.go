// Package outage holds the words of the field: an interruption event, a batch
// of them in columns, the delivery they came in, the customers who are served,
// areas, classes and natures, and rows that had to be rejected.
//
// It knows what a record means and which records are impossible, and nothing of
// files, counting or indices. Instants are UTC seconds since 1970.
package outage
