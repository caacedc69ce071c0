package policy

import "github.com/saidi-exporter/saidi/outage"

// A Class is one of the policy's kinds of place (地区特征), such as rural.
type Class struct {
	ID    outage.Class
	Name  Text
	Match []string // the words beside id and names by which files mean the class
}

// A ClassGroup is several classes whose sums are pooled, such as 农网: towns and
// countryside.
type ClassGroup struct {
	ID      string // unlike the id of any class
	Name    Text
	Classes []outage.Class // at least one, in the order of the file
}
