package dashboards_test

import (
	"testing"

	"github.com/saidi-exporter/saidi/dashboards"
)

func TestRulesAreCheckedIn(t *testing.T) {
	t.Parallel()
	files, err := dashboards.RuleOptions{}.Files()
	if err != nil {
		t.Fatal(err)
	}
	checkIn(t, files)
}
