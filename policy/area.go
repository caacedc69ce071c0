package policy

import "github.com/saidi-exporter/saidi/outage"

// An Area is one of the policy's areas, such as a prefecture.
type Area struct {
	ID   outage.Area
	Name Text
	// Match are the words beside id and names by which files mean the area. A
	// word of four digits is a prefecture's code of GB/T 2260 and also stands
	// for the six-digit codes of its counties.
	Match []string
}

// A Group is several areas whose sums are pooled.
type Group struct {
	ID    string // unlike the id of any area
	Name  Text
	Areas []outage.Area // at least one, in the order of the file
}
