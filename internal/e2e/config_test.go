package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/dashboards"
	"github.com/saidi-exporter/saidi/internal/program"
)

// The shipped configurations, adapted to a test, are what the programs want.
func testConfigurations(t *testing.T) {
	dir := t.TempDir()
	writePrometheus(t, dir, "127.0.0.1:1", "127.0.0.1:2")
	program.Output(t, dir, program.Need(t, "promtool", "prometheus"), "check", "config", filepath.Join(dir, "prometheus.yml"))
	path := filepath.Join(dir, "alertmanager.yml")
	writeFile(t, path, alertmanagerConfig(t, "http://127.0.0.1:3"))
	program.Output(t, dir, program.Need(t, "amtool", "prometheus-alertmanager"), "check-config", path)
}

// shipped gives a file that ships, by its path.
func shipped(t *testing.T, path string) []byte {
	t.Helper()
	files, err := dashboards.RuleOptions{}.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Path == path {
			return f.Data
		}
	}
	t.Fatalf("%s does not ship", path)
	return nil
}

// writePrometheus writes the shipped configuration of Prometheus with other
// addresses and a second for half a minute, and the shipped rules beside it as
// they are.
func writePrometheus(t *testing.T, dir, exporter, alertmanager string) {
	t.Helper()
	config := string(shipped(t, "prometheus/prometheus.yml"))
	for _, r := range [][2]string{
		{"scrape_interval: 30s", "scrape_interval: 1s"},
		{"evaluation_interval: 30s", "evaluation_interval: 1s"},
		{"localhost:9836", exporter},
		{"localhost:9093", alertmanager},
	} {
		if strings.Count(config, r[0]) != 1 {
			t.Fatalf("%q stands %d times in the shipped prometheus.yml, want once", r[0], strings.Count(config, r[0]))
		}
		config = strings.Replace(config, r[0], r[1], 1)
	}
	writeFile(t, filepath.Join(dir, "prometheus.yml"), []byte(config))
	for _, name := range []string{"saidi-recording.yml", "saidi-alerts.yml"} {
		writeFile(t, filepath.Join(dir, "rules", name), shipped(t, "prometheus/rules/"+name))
	}
}

// alertmanagerConfig is the shipped configuration of Alertmanager with webhooks
// for receivers, without what only mail and WeCom need, and with waits of a
// second. Routes, groups and inhibitions are as they ship.
func alertmanagerConfig(t *testing.T, webhook string) []byte {
	t.Helper()
	var config map[string]any
	if err := yaml.Unmarshal(shipped(t, "alertmanager/alertmanager.yml"), &config); err != nil {
		t.Fatal(err)
	}
	delete(config, "global")
	receivers, _ := config["receivers"].([]any)
	for i, r := range receivers {
		receiver, _ := r.(map[string]any)
		receivers[i] = map[string]any{"name": receiver["name"], "webhook_configs": []any{map[string]any{"url": webhook, "send_resolved": true}}}
	}
	if hurry(config["route"]) == 0 || len(receivers) == 0 {
		t.Fatal("the shipped alertmanager.yml has no receivers, or no waits in its routes")
	}
	data, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hurry makes every wait of a route and of those below it a second, and says how
// many there were.
func hurry(node any) (waits int) {
	route, _ := node.(map[string]any)
	for _, key := range []string{"group_wait", "group_interval"} {
		if _, there := route[key]; there {
			route[key] = "1s"
			waits++
		}
	}
	below, _ := route["routes"].([]any)
	for _, r := range below {
		waits += hurry(r)
	}
	return waits
}

// writeFile writes a file and makes the folders above it.
func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
