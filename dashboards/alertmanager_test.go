package dashboards

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

const alertmanagerPath = deployed + "/alertmanager/alertmanager.yml"

func TestAmtoolChecks(t *testing.T) {
	t.Parallel()
	runTool(t, "amtool", "check-config", alertmanagerPath)
}

// Everybody hears what is theirs.
func TestAmtoolRoutes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		labels []string
		want   string
	}{
		{"a missed duty", []string{"alertname=SaidiDutyMissed", "audience=bureau", "severity=critical", "scope=a"}, bureauReceiver},
		{"a monthly burn", []string{"alertname=SaidiBurnMonthly", "audience=bureau", "severity=info"}, bureauReceiver},
		{"old data", []string{"alertname=SaidiDataStale", "audience=operator", "severity=warning"}, operatorReceiver},
		{"an exporter that is down", []string{"alertname=SaidiExporterDown", "audience=operator", "severity=critical"}, operatorUrgentReceiver},
		{"an alert of somebody else", []string{"alertname=DiskFull", "severity=critical"}, operatorReceiver},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			runTool(t, "amtool", slices.Concat([]string{"config", "routes", "test", "--config.file=" + alertmanagerPath, "--verify.receivers=" + test.want}, test.labels)...)
		})
	}
}

// Inhibitions name alerts that exist, none holds itself back, and both sides
// have the labels that must be equal: two alerts without one would count as
// equal in it.
func TestInhibitions(t *testing.T) {
	t.Parallel()
	byName := map[string]alert{}
	for _, a := range alerts(RuleOptions{}) {
		byName[a.name] = a
	}
	for _, i := range inhibitions() {
		source, target := inhibited(t, i.SourceMatchers, byName), inhibited(t, i.TargetMatchers, byName)
		for _, name := range source {
			if slices.Contains(target, name) {
				t.Errorf("%s holds itself back", name)
			}
		}
		for _, name := range slices.Concat(source, target) {
			e := readExpr(byName[name].expr)
			for _, label := range i.Equal {
				if !slices.Contains(e.labels, label) {
					t.Errorf("%s has no label %s", name, label)
				}
			}
		}
	}
}

// inhibited gives the alerts that a matcher of name or subject stands for.
func inhibited(t *testing.T, matchers []string, byName map[string]alert) []string {
	t.Helper()
	var names []string
	for _, m := range matchers {
		value := strings.Trim(regexp.MustCompile(`".*"`).FindString(m), `"`)
		if strings.HasPrefix(m, "about=") {
			for name, a := range byName {
				if string(a.about) == value {
					names = append(names, name)
				}
			}
			continue
		}
		for name := range strings.SplitSeq(value, "|") {
			if _, ok := byName[name]; !ok {
				t.Errorf("there is no alert %s", name)
			}
			names = append(names, name)
		}
	}
	return names
}

// A duty and an aspiration are never merged: no inhibition lets one silence the
// other.
func TestStrengthsStandApart(t *testing.T) {
	t.Parallel()
	for _, i := range inhibitions() {
		if strings.Contains(i.TargetMatchers[0], "DutyMissed") || strings.Contains(i.TargetMatchers[0], "AspirationMissed") {
			t.Errorf("%v silences a verdict", i.SourceMatchers)
		}
		if strings.Contains(i.SourceMatchers[0], "Missed") && !slices.Contains(i.Equal, "strength") {
			t.Errorf("%v reaches beyond its strength", i.SourceMatchers)
		}
	}
}
