package dashboards

// A column of a table shows a label of the rows or the value of a query.
type column struct {
	title string
	label string // of the rows; or empty, and
	query string // PromQL for every row
	width int    // in pixels, 0 for what is left
	look  []property
	// hidden columns are there for links and for sorting only.
	hidden bool
}

// table has a row for every combination of keys, the labels that all queries
// give. The rows are sorted by the column of a title, the largest first where
// falling.
func table(width int, title, description string, by string, falling bool, columns ...column) panel {
	p := panel{
		Type: "table", Title: title, Description: description, GridPos: gridPos{W: width}, Datasource: chosen(),
		FieldConfig: &fieldConfig{object{"custom": object{"align": "auto", "cellOptions": object{"type": "auto"}}}, []override{}},
		Options:     object{"showHeader": true, "cellHeight": "sm"},
	}
	queries := 0
	for _, c := range columns {
		if c.query != "" {
			p.Targets = append(p.Targets, target{RefID: refID(queries), Datasource: chosen(), Expr: c.query, Format: "table", Instant: true, EditorMode: "code"})
			queries++
		}
		if properties := c.properties(); len(properties) > 0 {
			p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{matcher{"byName", c.title}, properties})
		}
	}
	p.Transformations = arrange(columns, queries, by, falling)
	return p
}

func (c column) properties() []property {
	var all []property
	if c.width > 0 {
		all = append(all, property{"custom.width", c.width})
	}
	if c.hidden {
		all = append(all, property{"custom.hideFrom", object{"viz": true, "legend": true, "tooltip": true}})
	}
	return append(all, c.look...)
}

// arrange joins the answers of the queries by the labels that they share, sorts
// the rows, and names and orders the columns. Every label of the rows must have a
// column, if a hidden one.
func arrange(columns []column, queries int, by string, falling bool) []transformation {
	order, names := object{}, object{}
	sorted := ""
	asked := 0
	for i, c := range columns {
		field := c.label
		if c.query != "" {
			field = valueField(asked, queries)
			asked++
		}
		order[field], names[field] = i, c.title
		if c.title == by {
			sorted = field
		}
	}
	return []transformation{
		{"merge", object{}},
		{"sortBy", object{"sort": []object{{"field": sorted, "desc": falling}}}},
		{arranging, object{"excludeByName": object{"Time": true}, "indexByName": order, "renameByName": names}},
	}
}

// valueField is how Grafana names the values of a query in a table.
func valueField(i, queries int) string {
	if queries == 1 {
		return "Value"
	}
	return "Value #" + refID(i)
}
