package browse

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A desk is an exporter with a store, to which control rooms push what happens.
type desk struct {
	*saidi
	now time.Time
}

// feeder is one of a desk's customers; the others are named to be misread.
const feeder = "XN-1"

// newDesk starts an exporter that knows some feeders, of one thousand customers
// each.
func (s *station) newDesk(t *testing.T, feeders ...string) *desk {
	t.Helper()
	dir := t.TempDir()
	base := []byte(`[`)
	for i, name := range append([]string{feeder}, feeders...) {
		line, err := json.Marshal(map[string]any{"feeder_id": name, "area": "xining", "class": "urban", "customers": 1000})
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			base = append(base, ',')
		}
		base = append(base, line...)
	}
	writeFile(t, filepath.Join(dir, "base.json"), string(base)+"]")
	writeFile(t, filepath.Join(dir, "token"), "browse-token-of-the-tests-0001")
	writeFile(t, filepath.Join(dir, "saidi.yml"), strings.Join([]string{
		"store: data", "base: base.json", "refresh: 1s", "sources: [{name: scada, push: true}]", "tokens: [{name: scada, file: token, access: write}]", "",
	}, "\n"))
	return &desk{s.serve(t, "--config", filepath.Join(dir, "saidi.yml")), time.Now().Truncate(time.Second)}
}

// push tells of events, and says when the answer came.
func (d *desk) push(t *testing.T, events ...map[string]any) time.Time {
	t.Helper()
	var body strings.Builder
	for _, e := range events {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&body, "%s\n", line)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/api/v1/events?source=scada", strings.NewReader(body.String()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer browse-token-of-the-tests-0001")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var receipt struct {
		Rejected int `json:"rejected"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&receipt); err != nil || answer.StatusCode != http.StatusOK || receipt.Rejected != 0 {
		t.Fatalf("push: %s, %d rejected: %v", answer.Status, receipt.Rejected, err)
	}
	return time.Now()
}

// out is an outage of some customers that began a while ago and goes on.
func (d *desk) out(id, feeder string, customers int) map[string]any {
	return map[string]any{
		"event_id": id, "feeder_id": feeder, "start": d.now.Add(-10 * time.Minute).Format(time.RFC3339), "customers": customers, "nature": "fault_internal",
	}
}
