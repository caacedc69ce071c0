// Package forecast works out where a year will end: the customer-seconds without
// supply of a whole year as a distribution, from what has happened in it, what is
// scheduled, and what history says of the rest. It knows numbers only.
package forecast
