package dashboards_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/dashboards"
	"github.com/saidi-exporter/saidi/policy"
)

// A board is what the tests look at in a dashboard.
type board struct {
	lang string

	UID, Title, Description string
	Tags                    []string
	SchemaVersion           int
	Links                   []struct{ Title, URL string }
	Templating              struct{ List []variable }
	Panels                  []panel
}

type variable struct {
	Name, Type, Label string
	Query             any
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Targets                  []struct{ RefID, Expr, LegendFormat string }
	FieldConfig              struct {
		Overrides []struct{ Properties []struct{ ID string } }
	}
}

// boards decodes the dashboards.
func boards(t *testing.T) []board {
	t.Helper()
	var all []board
	for _, f := range grafana(t) {
		if path.Ext(f.Path) != ".json" {
			continue
		}
		b := board{lang: path.Base(path.Dir(f.Path))}
		if err := json.Unmarshal(f.Data, &b); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		all = append(all, b)
	}
	return all
}

func grafana(t *testing.T) []dashboards.File {
	t.Helper()
	files, err := dashboards.Grafana()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGrafanaIsCheckedIn(t *testing.T) {
	t.Parallel()
	files := grafana(t)
	checkIn(t, files)
	var made, found []string
	for _, f := range files {
		made = append(made, f.Path)
	}
	err := fs.WalkDir(os.DirFS("../deploy"), "grafana", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(made)
	slices.Sort(found)
	if diff := cmp.Diff(made, found); diff != "" {
		t.Errorf("below deploy/grafana (-made +found):\n%s", diff)
	}
	if diff := cmp.Diff(files, grafana(t)); diff != "" {
		t.Errorf("made twice (-first +second):\n%s", diff)
	}
}

func TestProvisioning(t *testing.T) {
	t.Parallel()
	for _, f := range grafana(t) {
		if path.Ext(f.Path) != ".yaml" {
			continue
		}
		var content struct {
			APIVersion int `yaml:"apiVersion"`
			Providers  []struct {
				Name    string
				Options struct{ Path string }
			}
			Datasources []struct {
				Type     string
				JSONData struct {
					TimeInterval string `yaml:"timeInterval"`
				} `yaml:"jsonData"`
			}
		}
		if err := yaml.Unmarshal(f.Data, &content); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		if content.APIVersion != 1 || len(content.Providers)+len(content.Datasources) == 0 {
			t.Errorf("%s: %+v", f.Path, content)
		}
		for _, p := range content.Providers {
			if got, want := path.Base(p.Options.Path), strings.TrimPrefix(p.Name, "saidi-"); got != want {
				t.Errorf("%s reads %s, want the folder %s", p.Name, p.Options.Path, want)
			}
		}
		for _, d := range content.Datasources {
			if want := scrapeInterval(t); d.JSONData.TimeInterval != want {
				t.Errorf("%s takes %q for the scrape interval, which is %q", d.Type, d.JSONData.TimeInterval, want)
			}
		}
	}
}

// scrapeInterval is that of the Prometheus that ships, which Grafana must know:
// curves have holes where it takes a shorter one.
func scrapeInterval(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../deploy/prometheus/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	var content struct {
		Global struct {
			ScrapeInterval string `yaml:"scrape_interval"`
		}
	}
	if err := yaml.Unmarshal(text, &content); err != nil {
		t.Fatal(err)
	}
	return content.Global.ScrapeInterval
}

// Both languages have the same panels, which ask the same but for names.
func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	shape := map[string]map[string][]string{}
	for _, b := range boards(t) {
		name := strings.TrimSuffix(b.UID, "-"+b.lang)
		if shape[name] == nil {
			shape[name] = map[string][]string{}
		}
		for _, p := range b.Panels {
			line := fmt.Sprint(p.ID, p.Type, p.GridPos, len(p.FieldConfig.Overrides))
			for _, target := range p.Targets {
				line += "\n" + strings.ReplaceAll(target.Expr, "name_zh", "name_en")
			}
			shape[name][b.lang] = append(shape[name][b.lang], line)
		}
	}
	if len(shape) != 4 {
		t.Errorf("%d dashboards, want 4", len(shape))
	}
	for name, panels := range shape {
		if diff := cmp.Diff(panels["zh"], panels["en"]); diff != "" {
			t.Errorf("%s (-zh +en):\n%s", name, diff)
		}
	}
}

// Texts are in the language of the dashboard. In Chinese every text has a Han
// character, in English none has; links and the policy's names apart.
func TestTextsAreInOneLanguage(t *testing.T) {
	t.Parallel()
	for _, b := range boards(t) {
		texts := map[string]string{"title": b.Title, "description": b.Description}
		for _, v := range b.Templating.List {
			texts["variable "+v.Name] = v.Label
		}
		for _, p := range b.Panels {
			texts[fmt.Sprintf("title of panel %d", p.ID)] = p.Title
			if p.Type != "row" {
				texts[fmt.Sprintf("description of panel %d", p.ID)] = p.Description
			}
			for _, target := range p.Targets {
				if words := placeholder.ReplaceAllString(target.LegendFormat, ""); words != "" {
					texts[fmt.Sprintf("legend of panel %d %s", p.ID, target.RefID)] = words
				}
			}
		}
		for place, text := range texts {
			if got, want := strings.ContainsFunc(text, isHan), b.lang == "zh"; text == "" || got != want {
				t.Errorf("%s: %s: %q", b.UID, place, text)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{.*?\}\}`)

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func TestLayout(t *testing.T) {
	t.Parallel()
	for _, b := range boards(t) {
		ids, taken := map[int]bool{}, map[[2]int]int{}
		for _, p := range b.Panels {
			if p.ID < 1 || ids[p.ID] {
				t.Errorf("%s: panel id %d is not its own", b.UID, p.ID)
			}
			ids[p.ID] = true
			at := p.GridPos
			if at.X < 0 || at.W < 1 || at.H < 1 || at.X+at.W > 24 {
				t.Errorf("%s: panel %d lies at %+v", b.UID, p.ID, at)
			}
			for x := at.X; x < at.X+at.W; x++ {
				for y := at.Y; y < at.Y+at.H; y++ {
					if other := taken[[2]int{x, y}]; other != 0 {
						t.Fatalf("%s: panels %d and %d overlap", b.UID, other, p.ID)
					}
					taken[[2]int{x, y}] = p.ID
				}
			}
		}
	}
}

// Every dashboard leads to the other three and to itself in the other language,
// and every link within Grafana to a dashboard that ships.
func TestLinks(t *testing.T) {
	t.Parallel()
	uids := map[string]bool{}
	all := boards(t)
	for _, b := range all {
		if uids[b.UID] || !strings.HasSuffix(b.UID, "-"+b.lang) {
			t.Errorf("uid %s in %s", b.UID, b.lang)
		}
		uids[b.UID] = true
	}
	for _, b := range all {
		if len(b.Links) != 4 {
			t.Errorf("%s: %d links, want 4", b.UID, len(b.Links))
		}
		leads := map[string]bool{}
		for _, l := range b.Links {
			leads[strings.TrimPrefix(l.URL, "/d/")] = true
		}
		for uid := range uids {
			if got, want := leads[uid], uid != b.UID && (strings.HasSuffix(uid, b.lang) || strings.TrimRight(uid, "zhen") == strings.TrimRight(b.UID, "zhen")); got != want {
				t.Errorf("%s links to %s: %t, want %t", b.UID, uid, got, want)
			}
		}
	}
	for _, f := range grafana(t) {
		for _, match := range regexp.MustCompile(`"/d/([\w-]+)`).FindAllStringSubmatch(string(f.Data), -1) {
			if !uids[match[1]] {
				t.Errorf("%s links to %s, which does not ship", f.Path, match[1])
			}
		}
	}
}

// Another province's policy must work: no id of the embedded one stands in a
// dashboard.
func TestNoPolicyStandsInADashboard(t *testing.T) {
	t.Parallel()
	p := policy.Qinghai()
	ids := []string{p.ID, p.Whole.ID}
	for _, a := range p.Areas {
		ids = append(ids, string(a.ID), a.Name.Zh, a.Name.En)
	}
	for _, g := range p.Groups {
		ids = append(ids, g.ID, g.Name.Zh, g.Name.En)
	}
	for _, c := range p.Classes {
		ids = append(ids, string(c.ID))
	}
	for _, f := range grafana(t) {
		for _, id := range ids {
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(id) + `\b`).Match(f.Data) {
				t.Errorf("%s speaks of %s", f.Path, id)
			}
		}
	}
}
