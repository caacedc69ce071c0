package app

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/web"
)

// A file that was withdrawn by hand does not come back by itself; changed, it does.
func TestWithdrawnFileStaysAway(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1, "events/2.csv", header+e3)
	s.counts(800)
	s.stop()
	st, err := store.Open(s.path("data"), store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	list, err := st.Remembered(t.Context(), "grid")
	if err != nil || len(list) != 2 {
		t.Fatalf("remembered %v, %v; want both files", list, err)
	}
	at := slices.IndexFunc(list, func(r store.Remembrance) bool { return strings.HasSuffix(r.Name, "1.csv") })
	if _, err := st.Withdraw(t.Context(), list[at].Delivery, "auditor", "the wrong file"); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.counts(600)
	s.put("events/3.csv", header+e2, noon) // a look later
	s.counts(650)
	s.put("events/1.csv", header+e1+"\n", noon.Add(time.Minute))
	s.counts(850)
	_, text := s.do("GET", "/api/v1/deliveries", "r3ad", "")
	if !strings.Contains(text, `"notes":["the wrong file"]`) || !strings.Contains(text, `"who":"auditor"`) {
		t.Errorf("deliveries %s lack who withdrew and why", text)
	}
}

// A store whose folder is taken away acknowledges nothing any more and says so.
func TestStoreTakenAway(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	if err := os.Rename(s.path("data"), s.path("elsewhere")); err != nil {
		t.Fatal(err)
	}
	row := event("P1", "F1", "2022-03-05 08:00:00", "2022-03-05 09:00:00", 100, 0)
	if status, text := s.do("POST", "/api/v1/events?source=scada", "s3cret", row); status != http.StatusServiceUnavailable {
		t.Errorf("push into a store that is gone: %d %s, want 503", status, text)
	}
	s.until("the fault", func() bool {
		return slices.ContainsFunc(s.status().Faults, func(f web.Fault) bool { return strings.Contains(f.What, "taken away") })
	})
	if got := s.hours(); got != 200 {
		t.Errorf("%v customer-hours, want the last good 200", got)
	}
	if err := os.Rename(s.path("elsewhere"), s.path("data")); err != nil {
		t.Fatal(err)
	}
	s.push(row)
	s.counts(300)
}

// Customers that two deliveries of the base tell of would add up: the second one
// is refused.
func TestBaseToldTwice(t *testing.T) {
	t.Parallel()
	s := withStore(t)
	s.counts(0)
	head := "feeder_id,area,class,customers,valid_from,valid_to\n"
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"another number for a feeder", head + "F2,xining,rural,51,,\n", 422},
		{"the same feeder elsewhere", head + "F1,haixi,town,100,,\n", 422},
		{"a new feeder", head + "F7,haixi,town,100,,\n", 200},
	} {
		if got, text := s.do("POST", "/api/v1/base?source=scada", "s3cret", c.body); got != c.want || got == 422 && !strings.Contains(text, "count twice") {
			t.Errorf("%s: %d %s, want %d", c.name, got, text, c.want)
		}
	}
}
