package dashboards

import "strings"

// Colours of Okabe and Ito, and Tol's purple: people with any kind of colour
// blindness can tell them apart. Grafana writes dark on the yellow and white on
// the others that fill tiles. What is worst is darkest.
const (
	maroon     = "#7A0019"
	vermillion = "#D55E00"
	purple     = "#AA4499"
	yellow     = "#F0E442"
	orange     = "#E69F00"
	skyBlue    = "#56B4E9"
	green      = "#009E73"
	blue       = "#0072B2"
	grey       = "#8C939C"

	// plainColour is that of texts, dark or light as the theme wants it.
	plainColour = "text"
)

// Words that Grafana spells in its own way.
const (
	fieldColour = "color"    //nolint:misspell // the key of a colour
	middle      = "center"   //nolint:misspell // a text in the middle
	arranging   = "organize" //nolint:misspell // the transformation of columns
)

// defaults makes properties the defaults of a panel's fields: custom.x goes
// below custom.
func defaults(look []property) object {
	d := object{fieldColour: object{"mode": "fixed", "fixedColor": blue}}
	for _, p := range look {
		if name, ok := strings.CutPrefix(p.ID, "custom."); ok {
			custom := asObject(d["custom"])
			custom[name] = p.Value
			d["custom"] = custom
			continue
		}
		d[p.ID] = p.Value
	}
	return d
}

// asObject gives an object that may be missing.
func asObject(value any) object {
	if o, ok := value.(object); ok {
		return o
	}
	return object{}
}

func colour(code string) property {
	return property{fieldColour, object{"mode": "fixed", "fixedColor": code}}
}

func decimals(n int) property { return property{"decimals", n} }

func unit(id string) property { return property{"unit", id} }

func least(value float64) property { return property{"min", value} }

func most(value float64) property { return property{"max", value} }

// noValue is shown where there is none.
func noValue(text string) property { return property{"noValue", text} }

// withoutLastYear stands where there is no data of last year.
func (t tongue) withoutLastYear() property {
	return noValue(t.say("无上年数据", "no data of last year"))
}

// hours are average hours of a customer.
func (t tongue) hours() []property {
	return []property{unit("suffix:" + t.say("小时/户", "h")), decimals(2)}
}

// exceeded is just above the whole of a limit, which may be used up.
const exceeded = 1.000001

// times are interruptions of an average customer.
func (t tongue) times() []property {
	return []property{unit(t.say("suffix:次/户", "none")), decimals(2)}
}

// A step is a colour from a value upwards.
type step struct {
	from   float64
	colour string
}

// steps colours a value: base below the first step.
func steps(base string, above ...step) []property {
	all := []object{{"value": nil, fieldColour: base}}
	for _, s := range above {
		all = append(all, object{"value": s.from, fieldColour: s.colour})
	}
	return []property{{fieldColour, object{"mode": "thresholds"}}, {"thresholds", object{"mode": "absolute", "steps": all}}}
}

// gaugeCell fills a cell of a table as far as its value goes to the largest.
func gaugeCell() property {
	return property{"custom.cellOptions", object{"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}}
}

// filledCell fills a cell of a table with the colour of its value.
func filledCell() property {
	return property{"custom.cellOptions", object{"type": fieldColour + "-background", "mode": "basic"}}
}

// colouredCell writes a cell of a table in the colour of its value.
func colouredCell() property {
	return property{"custom.cellOptions", object{"type": fieldColour + "-text"}}
}

// align puts the text of a cell left or right.
func align(where string) property { return property{"custom.align", where} }

// dashed draws a line in dashes.
func dashed() property {
	return property{"custom.lineStyle", object{"fill": "dash", "dash": []int{10, 8}}}
}

// dotted draws a line in dots.
func dotted() property {
	return property{"custom.lineStyle", object{"fill": "dot", "dash": []int{2, 6}}}
}

// leads makes cells a link within Grafana. A url may use the labels of the row
// as ${__data.fields.label}.
func leads(title, url string) property {
	return property{"links", []object{{"title": title, "url": url, "targetBlank": false}}}
}
