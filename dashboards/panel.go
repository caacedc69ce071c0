package dashboards

// A panel is one picture of a dashboard.
type panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	GridPos         gridPos          `json:"gridPos"`
	Datasource      *reference       `json:"datasource,omitempty"`
	Targets         []target         `json:"targets,omitempty"`
	Transformations []transformation `json:"transformations,omitempty"`
	FieldConfig     *fieldConfig     `json:"fieldConfig,omitempty"`
	Options         object           `json:"options,omitempty"`
	Collapsed       *bool            `json:"collapsed,omitempty"`
	Panels          *[]panel         `json:"panels,omitempty"`
}

type gridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// A reference names a data source.
type reference struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// chosen is the data source that the reader has chosen.
func chosen() *reference { return &reference{"prometheus", "${datasource}"} }

// A target is one query.
type target struct {
	RefID        string     `json:"refId"`
	Datasource   *reference `json:"datasource"`
	Expr         string     `json:"expr"`
	LegendFormat string     `json:"legendFormat,omitempty"`
	Format       string     `json:"format,omitempty"`
	Instant      bool       `json:"instant"`
	Range        bool       `json:"range"`
	EditorMode   string     `json:"editorMode"`
}

type transformation struct {
	ID      string `json:"id"`
	Options object `json:"options"`
}

type fieldConfig struct {
	Defaults  object     `json:"defaults"`
	Overrides []override `json:"overrides"`
}

// An override gives the fields that match properties of their own.
type override struct {
	Matcher    matcher    `json:"matcher"`
	Properties []property `json:"properties"`
}

type matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// A query is PromQL with the name of what it gives, which may hold labels as
// {{label}}, and how that looks.
type query struct {
	expr, legend string
	look         []property
}

// refID names the queries of a panel A, B, C, ….
func refID(i int) string { return string(rune('A' + i)) }

// asked gives a panel more queries, over the panel's time range or for its end
// only, and what each of them looks like.
func asked(p panel, instant bool, queries []query) panel {
	p.Datasource = chosen()
	for _, q := range queries {
		id := refID(len(p.Targets))
		p.Targets = append(p.Targets, target{
			RefID: id, Datasource: chosen(), Expr: q.expr, LegendFormat: q.legend, Instant: instant, Range: !instant, EditorMode: "code",
		})
		if len(q.look) > 0 {
			p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{matcher{"byFrameRefID", id}, q.look})
		}
	}
	return p
}

// stat shows the present value of every query as a tile.
func stat(width int, title, description string, look []property, queries ...query) panel {
	p := panel{
		Type: "stat", Title: title, Description: description, GridPos: gridPos{W: width}, FieldConfig: &fieldConfig{defaults(look), []override{}},
		Options: object{
			"reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
			"colorMode":     "value", "graphMode": "none", "justifyMode": middle, "orientation": "vertical", "textMode": "auto",
			"wideLayout": false, "showPercentChange": false, "text": object{"titleSize": 16, "valueSize": 26},
		},
	}
	return asked(p, true, queries)
}

// tiles is a stat whose tiles are filled with their colours.
func tiles(width int, title, description string, look []property, queries ...query) panel {
	p := stat(width, title, description, look, queries...)
	p.Options["colorMode"] = "background_solid"
	return p
}

// label is a stat that shows names instead of values.
func label(width int, title, description string, q query) panel {
	p := stat(width, title, description, []property{colour(plainColour)}, q)
	p.Options["textMode"] = "name"
	p.Options["text"] = object{"titleSize": 18, "valueSize": 18}
	return p
}

// curve shows queries over the dashboard's time range.
func curve(width int, title, description string, look []property, queries ...query) panel {
	d := defaults(look)
	custom := object{"drawStyle": "line", "lineWidth": 2, "fillOpacity": 0, "showPoints": "never", "spanNulls": true, "axisSoftMin": 0}
	for key, value := range asObject(d["custom"]) {
		custom[key] = value
	}
	d["custom"] = custom
	p := panel{
		Type: "timeseries", Title: title, Description: description, GridPos: gridPos{W: width}, FieldConfig: &fieldConfig{d, []override{}},
		Options: object{
			"legend":  object{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
			"tooltip": object{"mode": "multi", "sort": "desc"},
		},
	}
	return asked(p, false, queries)
}

// bars shows the present value of every series as a bar.
func bars(width int, title, description string, look []property, queries ...query) panel {
	p := panel{
		Type: "bargauge", Title: title, Description: description, GridPos: gridPos{W: width}, FieldConfig: &fieldConfig{defaults(look), []override{}},
		Options: object{
			"orientation": "horizontal", "displayMode": "basic", "valueMode": "text", "showUnfilled": true, "namePlacement": "left", "sizing": "manual", "minVizHeight": 16, "maxVizHeight": 36, "minVizWidth": 8, "text": object{"titleSize": 14, "valueSize": 16},
			"reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
		},
	}
	return asked(p, true, queries)
}

// barChart shows a table's numbers as bars side by side, a group for each row. What
// it asks for, and how that becomes a table, is added by the caller.
func barChart(width int, title, description string, look []property) panel {
	return panel{
		Type: "barchart", Title: title, Description: description, GridPos: gridPos{W: width}, Datasource: chosen(),
		FieldConfig: &fieldConfig{defaults(append(look, property{"custom.fillOpacity", 80})), []override{}},
		Options: object{
			"orientation": "vertical", "showValue": "never", "stacking": "none", "groupWidth": 0.75, "barWidth": 0.95, "xTickLabelSpacing": 0,
			"legend": object{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}}, "tooltip": object{"mode": "multi", "sort": "none"},
		},
	}
}
