package dashboards

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ruleCases is a file of cases as promtool reads it, as far as the tests need.
type ruleCases struct {
	RuleFiles          []string   `yaml:"rule_files"`
	EvaluationInterval string     `yaml:"evaluation_interval"`
	Tests              []ruleCase `yaml:"tests"`
}

type ruleCase struct {
	Name        string        `yaml:"name"`
	Interval    string        `yaml:"interval"`
	InputSeries []inputSeries `yaml:"input_series"`
	Alerts      []alertCase   `yaml:"alert_rule_test"`
	Queries     []queryCase   `yaml:"promql_expr_test"`
}

type inputSeries struct{ Series, Values string }

type alertCase struct {
	EvalTime  string `yaml:"eval_time"`
	AlertName string `yaml:"alertname"`
	Expected  []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

type queryCase struct {
	Expr     string           `yaml:"expr"`
	EvalTime string           `yaml:"eval_time"`
	Samples  []map[string]any `yaml:"exp_samples"`
}

func readCases(t *testing.T, path string) ruleCases {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c ruleCases
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return c
}

// names are the metrics of a case's input.
func (c ruleCase) names() []string {
	var all []string
	for _, s := range c.InputSeries {
		name, _, _ := strings.Cut(s.Series, "{")
		all = append(all, name)
	}
	return all
}

// fires says whether an alert fires in a case, and with how many exporters.
func (c ruleCase) fires() (fires, twice bool) {
	for _, a := range c.Alerts {
		fires = fires || len(a.Expected) > 0
	}
	of := func(instance string) bool {
		return slices.ContainsFunc(c.InputSeries, func(s inputSeries) bool { return strings.Contains(s.Series, `instance="`+instance+`"`) })
	}
	return fires, of("a") && of("b")
}

// Every alert has a file of cases: one in which it fires once for two exporters,
// and one in which it stays silent although every series that it asks for is
// there.
func TestAlertCases(t *testing.T) {
	t.Parallel()
	for _, a := range alerts(RuleOptions{Job: DefaultJob}) {
		var once, silent bool
		asked := readExpr(a.expr).metrics
		for _, c := range readCases(t, filepath.Join("testdata/rules", a.name+".yml")).Tests {
			fires, twice := c.fires()
			once = once || fires && twice
			whole := !slices.ContainsFunc(asked, func(m string) bool { return !slices.Contains(c.names(), m) })
			silent = silent || !fires && whole
			if len(c.Alerts) != 1 || c.Alerts[0].AlertName != a.name {
				t.Errorf("%s, %s: want one question, about this alert", a.name, c.Name)
			}
		}
		if !once || !silent {
			t.Errorf("%s: fires once for two exporters: %t, stays silent: %t; want both", a.name, once, silent)
		}
	}
}

// Every recording rule has a value in the cases.
func TestRecordCases(t *testing.T) {
	t.Parallel()
	var asked []string
	for _, c := range readCases(t, "testdata/rules/recording.yml").Tests {
		for _, q := range c.Queries {
			if len(q.Samples) > 0 {
				asked = append(asked, readExpr(q.Expr).metrics...)
			}
		}
	}
	for _, r := range records() {
		if !slices.Contains(asked, r.name) {
			t.Errorf("%s has no case", r.name)
		}
	}
}
