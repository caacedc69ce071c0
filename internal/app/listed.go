package app

import (
	"github.com/saidi-exporter/saidi/source/push"
	"github.com/saidi-exporter/saidi/store"
)

// ListOf is what the JSON of the API says of some deliveries; more says that
// there are others behind them.
func ListOf(list []store.DeliveryInfo, more bool) any {
	answer := deliveryList{SchemaVersion: push.SchemaVersion, Deliveries: []deliveryEntry{}}
	for i := range list {
		answer.Deliveries = append(answer.Deliveries, entryOf(&list[i]))
	}
	if more && len(list) > 0 {
		answer.NextAfter = &list[len(list)-1].ID
	}
	return answer
}
