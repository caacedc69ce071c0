package dashboards

// schemaVersion is that of classic dashboards which Grafana 12 and later read
// without migration.
const schemaVersion = 42

// gridColumns is the width of Grafana's grid.
const gridColumns = 24

// An object is a piece of JSON whose keys Grafana gives a meaning; encoding/json
// sorts them.
type object = map[string]any

// A board is one classic dashboard.
type board struct {
	name string

	UID           string      `json:"uid"`
	Title         string      `json:"title"`
	Description   string      `json:"description"`
	Tags          []string    `json:"tags"`
	SchemaVersion int         `json:"schemaVersion"`
	Editable      bool        `json:"editable"`
	GraphTooltip  int         `json:"graphTooltip"`
	Refresh       string      `json:"refresh"`
	Time          timeRange   `json:"time"`
	Timezone      string      `json:"timezone"`
	Links         []boardLink `json:"links"`
	Annotations   object      `json:"annotations"`
	Templating    templating  `json:"templating"`
	Panels        []panel     `json:"panels"`
}

type timeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type templating struct {
	List []variable `json:"list"`
}

// A boardLink leads from the head of a dashboard to another.
type boardLink struct {
	Title       string   `json:"title"`
	Type        string   `json:"type"`
	URL         string   `json:"url"`
	Icon        string   `json:"icon"`
	Tooltip     string   `json:"tooltip"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
}

// boardNames are the dashboards in the order of their links.
func (t tongue) boardNames() [][2]string {
	return [][2]string{
		{"compliance", t.say("达标情况", "Compliance")},
		{"area", t.say("地区", "Area")},
		{"operations", t.say("运行", "Operations")},
		{"quality", t.say("数据质量", "Data quality")},
	}
}

// board begins a dashboard: name is one of boardNames. The time range is the one
// that it opens with.
func (t tongue) board(name, description, from, refresh string) board {
	b := board{
		name: name, UID: t.uid(name), Description: description, Tags: []string{"saidi", "saidi-" + string(t.language)}, SchemaVersion: schemaVersion,
		GraphTooltip: 1, Refresh: refresh, Time: timeRange{from, "now"}, Timezone: "browser",
		Annotations: object{"list": []object{}}, Templating: templating{[]variable{t.datasource()}},
	}
	for _, other := range t.boardNames() {
		if other[0] == name {
			b.Title = other[1]
			continue
		}
		b.Links = append(b.Links, linkTo(other[1], t.uid(other[0]), "dashboard"))
	}
	b.Links = append(b.Links, linkTo(t.say("English", "中文"), t.other().uid(name), "external link"))
	return b
}

func linkTo(title, uid, icon string) boardLink {
	return boardLink{Title: title, Type: "link", URL: "/d/" + uid, Icon: icon, Tags: []string{}, IncludeVars: true, KeepTime: true}
}

// A band is panels side by side, of one height. Widths and heights are in units
// of Grafana's grid.
type band struct {
	height int
	panels []panel
}

// place puts bands below each other, so that no two panels overlap, and numbers
// the panels.
func place(bands ...band) []panel {
	var all []panel
	y := 0
	for _, b := range bands {
		x := 0
		for _, p := range b.panels {
			p.ID = len(all) + 1
			p.GridPos = gridPos{H: b.height, W: p.GridPos.W, X: x, Y: y}
			x += p.GridPos.W
			all = append(all, p)
		}
		y += b.height
	}
	return all
}

// heading is a band with the title of those that follow.
func heading(title string) band {
	closed := false
	return band{1, []panel{{Type: "row", Title: title, GridPos: gridPos{W: gridColumns}, Collapsed: &closed, Panels: &[]panel{}}}}
}
