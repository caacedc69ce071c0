package dashboards

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The defaults of [RuleOptions].
const (
	DefaultRunbooks = "https://github.com/saidi-exporter/saidi/blob/main/docs/runbooks/"
	DefaultJob      = "saidi"
)

// RuleOptions are what the rules of an installation depend on. The zero value
// gives the files that ship.
type RuleOptions struct {
	Runbooks string // what the URL of a runbook begins with; empty: [DefaultRunbooks]
	Job      string // the job under which Prometheus scrapes the exporter; empty: [DefaultJob]
}

// Files gives the recording rules, the alerts, and examples of the configuration
// of Prometheus and Alertmanager that use them.
func (o RuleOptions) Files() ([]File, error) {
	if o.Runbooks == "" {
		o.Runbooks = DefaultRunbooks
	}
	if o.Job == "" {
		o.Job = DefaultJob
	}
	var files []File
	for _, f := range []struct {
		path, head string
		content    any
	}{
		{"prometheus/rules/saidi-recording.yml", "Recording rules of saidi: docs/alerts.md lists them. Nothing else rests on them.", ruleFile{recordGroups()}},
		{"prometheus/rules/saidi-alerts.yml", "Alerts of saidi: docs/alerts.md lists them. They compare what the exporter says with the limits that\nit exports, so that another policy needs no other file.", ruleFile{alertGroups(o)}},
		{"prometheus/prometheus.yml", prometheusHead, prometheusExample(o)},
		{"alertmanager/alertmanager.yml", alertmanagerHead, alertmanagerExample()},
	} {
		data, err := encodeYAML(f.head, f.content)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", f.path, err)
		}
		files = append(files, File{Path: f.path, Data: data})
	}
	return files, nil
}

// A ruleFile is what Prometheus reads as one file of rules.
type ruleFile struct {
	Groups []ruleGroup `yaml:"groups"`
}

// A ruleGroup is rules that are evaluated in order.
type ruleGroup struct {
	Name  string `yaml:"name"`
	Rules []rule `yaml:"rules"`
}

// A rule is a recording rule or an alert.
type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// encodeYAML writes a document under a comment, with the keys of structs in
// their order and those of maps sorted.
func encodeYAML(head string, content any) ([]byte, error) {
	var b bytes.Buffer
	for line := range strings.Lines(head) {
		b.WriteString(strings.TrimRight("# "+line, " \n") + "\n")
	}
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(content); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
