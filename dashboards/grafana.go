package dashboards

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/saidi-exporter/saidi/wording"
)

// Grafana makes the dashboards in Chinese and English and what provisions them,
// all below the folder grafana. It fails only where a dashboard cannot be
// written as JSON.
func Grafana() ([]File, error) {
	var files []File
	for _, l := range []wording.Language{wording.Chinese, wording.English} {
		for _, b := range boards(tongue{l}) {
			data, err := b.encode()
			if err != nil {
				return nil, fmt.Errorf("dashboard %s: %w", b.UID, err)
			}
			files = append(files, File{Path: fmt.Sprintf("grafana/dashboards/%s/%s.json", l, b.name), Data: data})
		}
	}
	return append(files,
		File{Path: "grafana/provisioning/dashboards/saidi.yaml", Data: []byte(providers)},
		File{Path: "grafana/provisioning/datasources/saidi.yaml", Data: []byte(sources)},
	), nil
}

func boards(t tongue) []board {
	return []board{t.compliance(), t.area(), t.operations(), t.quality()}
}

// encode writes a dashboard as Grafana does: indented, with PromQL's < and > as
// they are.
func (b board) encode() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(b); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// A tongue is the language in which a dashboard speaks. Grafana does not
// translate dashboards, so that each is made once a language.
type tongue struct{ language wording.Language }

// say chooses one of a pair of texts.
func (t tongue) say(zh, en string) string {
	if t.language == wording.Chinese {
		return zh
	}
	return en
}

// uid is that of the dashboard of a name in this language.
func (t tongue) uid(name string) string { return "saidi-" + name + "-" + string(t.language) }

// other is the other language.
func (t tongue) other() tongue {
	if t.language == wording.Chinese {
		return tongue{wording.English}
	}
	return tongue{wording.Chinese}
}

// providers tells Grafana where the dashboards lie.
const providers = `# Read by Grafana from /etc/grafana/provisioning/dashboards.
apiVersion: 1
providers:
  - name: saidi-zh
    folder: 供电可靠性
    folderUid: saidi-zh
    type: file
    allowUiUpdates: false
    updateIntervalSeconds: 60
    options:
      path: /var/lib/grafana/dashboards/saidi/zh
  - name: saidi-en
    folder: Supply reliability
    folderUid: saidi-en
    type: file
    allowUiUpdates: false
    updateIntervalSeconds: 60
    options:
      path: /var/lib/grafana/dashboards/saidi/en
`

// sources tells Grafana of a Prometheus beside it.
const sources = `# Read by Grafana from /etc/grafana/provisioning/datasources.
apiVersion: 1
datasources:
  - name: Prometheus
    uid: saidi-prometheus
    type: prometheus
    access: proxy
    url: http://localhost:9090
    jsonData:
      timeInterval: 30s # the scrape interval of Prometheus
`
