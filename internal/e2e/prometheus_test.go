package e2e

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A prometheus is a running Prometheus.
type prometheus struct {
	*program.Program
	url string
}

// startPrometheus starts a Prometheus with the shipped rules on a data folder. It
// scrapes an exporter, and tells an Alertmanager of alerts.
func (s *station) startPrometheus(t *testing.T, data, exporter, alertmanager string) *prometheus {
	t.Helper()
	config := t.TempDir()
	writePrometheus(t, config, exporter, alertmanager)
	address := program.Address(t)
	p := program.StartFor(t, s.prometheus, "--config.file="+filepath.Join(config, "prometheus.yml"), "--storage.tsdb.path="+data,
		"--storage.tsdb.retention.time=10y", "--web.listen-address="+address)
	ready(t, p, "http://"+address+"/-/ready")
	return &prometheus{Program: p, url: "http://" + address}
}

// A series is one element of an answer.
type series struct {
	Metric map[string]string `json:"metric"`
	Point  point             `json:"value"`
	Points []point           `json:"values"`
}

// A point is a time in Unix seconds and a value as text.
type point [2]any

func (p point) time() float64 {
	at, _ := p[0].(float64)
	return at
}

func (p point) value() float64 {
	text, _ := p[1].(string)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("a value of Prometheus is no number: %v", p))
	}
	return v
}

// query asks at an instant in Unix seconds; zero is now.
func (p *prometheus) query(t *testing.T, promql string, at float64) []series {
	t.Helper()
	ask := url.Values{"query": {promql}}
	if at != 0 {
		ask.Set("time", strconv.FormatFloat(at, 'f', 3, 64))
	}
	var answer struct {
		Data struct {
			Result []series `json:"result"`
		} `json:"data"`
	}
	if err := getJSON(t, p.url+"/api/v1/query?"+ask.Encode(), &answer); err != nil {
		t.Fatalf("query %s: %v", promql, err)
	}
	return answer.Data.Result
}

// one asks for a single number; ok is false where there is none.
func (p *prometheus) one(t *testing.T, promql string, at float64) (value float64, ok bool) {
	t.Helper()
	switch all := p.query(t, promql, at); len(all) {
	case 0:
		return 0, false
	case 1:
		return all[0].Point.value(), true
	default:
		t.Fatalf("%s: %d series, want one", promql, len(all))
		return 0, false
	}
}

// scrapesBeforeLooking is how many scrapes make curves: the last point of one with
// a point every 15 s may be that much old, and rates want two scrapes before it.
const scrapesBeforeLooking = 20

// scrapedAWhile waits until curves can be drawn.
func (p *prometheus) scrapedAWhile(t *testing.T) {
	t.Helper()
	program.Eventually(t, soon, "the exporter is scraped for a while", func() error {
		if n, _ := p.one(t, `count_over_time(outage_snapshot_as_of_timestamp_seconds[5m])`, 0); n < scrapesBeforeLooking {
			return fmt.Errorf("%v scrapes", n)
		}
		return nil
	})
}

// A ruleState is a rule as Prometheus last evaluated it.
type ruleState struct {
	Name      string    `json:"name"`
	Health    string    `json:"health"`
	LastError string    `json:"lastError"`
	Last      time.Time `json:"lastEvaluation"`
	Alerts    []struct {
		State       string            `json:"state"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"alerts"`
}

func (p *prometheus) rules(t *testing.T) []ruleState {
	t.Helper()
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []ruleState `json:"rules"`
			} `json:"groups"`
		} `json:"data"`
	}
	if err := getJSON(t, p.url+"/api/v1/rules", &answer); err != nil {
		t.Fatal(err)
	}
	var all []ruleState
	for _, g := range answer.Data.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

// evaluated waits until every rule was evaluated after now, and fails the test
// where one is in error.
func (p *prometheus) evaluated(t *testing.T) {
	t.Helper()
	since := time.Now()
	program.Eventually(t, soon, "every rule is evaluated", func() error {
		all := p.rules(t)
		if len(all) == 0 {
			return fmt.Errorf("there are no rules")
		}
		for _, r := range all {
			if !r.Last.After(since) {
				return fmt.Errorf("%s was last evaluated at %s", r.Name, r.Last)
			}
		}
		return nil
	})
	for _, r := range p.rules(t) {
		if r.Health != "ok" {
			t.Errorf("rule %s is %s: %s", r.Name, r.Health, r.LastError)
		}
	}
}

// logScrapes says what scrapes cost.
func (p *prometheus) logScrapes(t *testing.T) {
	t.Helper()
	mean, _ := p.one(t, `avg_over_time(scrape_duration_seconds{job="saidi"}[5m])`, 0)
	longest, _ := p.one(t, `max_over_time(scrape_duration_seconds{job="saidi"}[5m])`, 0)
	samples, _ := p.one(t, `scrape_samples_scraped{job="saidi"}`, 0)
	var status struct {
		Data struct {
			Head struct {
				Series int `json:"numSeries"`
			} `json:"headStats"`
		} `json:"data"`
	}
	if err := getJSON(t, p.url+"/api/v1/status/tsdb", &status); err != nil {
		t.Fatal(err)
	}
	t.Logf("a scrape: %.0f samples, mean %.1f ms, longest %.1f ms; %d series in Prometheus", samples, mean*1000, longest*1000, status.Data.Head.Series)
}
