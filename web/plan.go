package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A planView is the page of what proposed outages cost.
type planView struct {
	Frame   frame
	Waiting string
	Problem string
	Action  string // where the form goes
	Sources []choice
	Columns []planColumn
	Answer  *planAnswer
}

// A planColumn is a column that a plan may have.
type planColumn struct {
	Field, Heads, What string
	Needed             bool
}

// plan is the page of what proposed outages cost. A file that is sent is checked
// and not kept; it changes nothing.
func (p *pages) plan(v *visit) (view, error) {
	v.frame.Title, v.frame.Sheets = v.Say("page.nav-plan"), []string{listSheet}
	x, source := &planView{Action: v.link("/plan"), Columns: v.planColumns()}, ""
	if s := v.status.Snapshot; s == nil {
		x.Waiting, v.code = v.Say("page.waiting", v.stamp(v.status.Started).Text), http.StatusServiceUnavailable
	} else if v.r.Method == http.MethodPost {
		var err error
		if source, err = p.answerPlan(v, x); err != nil {
			return view{}, err
		}
	}
	x.Sources = v.planSources(source)
	x.Frame = v.frame
	return view{"plan", x}, nil
}

// answerPlan takes in the file and has it checked, or says what is wrong. The
// source is the one that was asked for.
func (p *pages) answerPlan(v *visit, x *planView) (source string, err error) {
	up, err := v.upload()
	var c *snapshot.PlanCheck
	if err == nil {
		c, err = p.Plan(v.r.Context(), up.source, up.file)
	}
	if err != nil {
		x.Problem, err = v.mistake(err)
		return up.source, err
	}
	x.Answer = v.planAnswer(c, up.name)
	return up.source, nil
}

// planSources offers the sources by whose mapping a plan may be read.
func (v *visit) planSources(asked string) []choice {
	list := []choice{{Text: v.Say("upload.known-headers"), Chosen: asked == ""}}
	for _, name := range plannedBy(v.status) {
		list = append(list, choice{Value: name, Text: name, Chosen: name == asked})
	}
	return list
}

// plannedBy names the sources by whose mapping a plan may be read. The demo makes
// its events up: it has no mapping.
func plannedBy(s *Status) []string {
	var names []string
	for i := range s.Sources {
		if x := &s.Sources[i]; s.Demo == nil && !x.Base && !slices.Contains(names, x.Name) {
			names = append(names, x.Name)
		}
	}
	return names
}

// planColumns lists the columns that a plan may have, with heads that are known.
func (v *visit) planColumns() []planColumn {
	return []planColumn{
		{"feeder_id", "线路编码 · Feeder", v.Say("upload.feeder"), true},
		{"start", "计划停电时间 · Planned Start", v.Say("upload.start"), true},
		{"end", "计划送电时间 · Planned End", v.Say("upload.end"), true},
		{"customers", "影响户数 · Customers", v.Say("upload.customers"), true},
		{"unit_id", "用户编号 · Unit", v.Say("upload.unit"), false},
		{"event_id", "停电编号 · Event ID", v.Say("upload.event"), false},
		{"nature", "停电性质 · Nature", v.Say("upload.nature"), false},
		{"area, class", "地区, 地区特征 · Area, Class", v.Say("upload.place"), false},
	}
}

// What is wrong with an upload.
var (
	errCrossSite = &Problem{Status: http.StatusForbidden, Code: "cross-site", Err: errors.New("the form was sent from another site: send it from this page")}
	errNotAForm  = &Problem{Status: http.StatusUnsupportedMediaType, Code: "not-a-form", Err: errors.New("want multipart/form-data with a field named file")}
	errNoFile    = &Problem{Status: http.StatusBadRequest, Code: "no-file", Parameter: "file", Err: errors.New("no file was chosen")}
	errEmptyFile = &Problem{Status: http.StatusBadRequest, Code: "empty-file", Parameter: "file", Err: errors.New("the file is empty")}
	errBroken    = &Problem{Status: http.StatusBadRequest, Code: "incomplete", Err: errors.New("the form breaks off")}
)
