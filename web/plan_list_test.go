package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/web"
)

// checked is a plan that does not fit: over one budget, with a row that does not
// count, and customers that would be out too often.
func checked() *snapshot.PlanCheck {
	hours := func(h int64) *snapshot.Milli { return some(snapshot.Milli(h * 3_600_000)) }
	return &snapshot.PlanCheck{
		Index: "saidi-1", AsOf: "2022-07-01T10:00:00+08:00", Zone: "Asia/Shanghai", Year: 2022, Reasons: []string{"over-budget", "rows-rejected", "repeat-rule"},
		Warnings: []string{"miss-raised"}, CustomerSeconds: 330 * 3_600_000, Interruptions: 50_000, Displaced: 3_600_000,
		Rows: []snapshot.PlanRow{
			{
				Path: "plan", Row: 2, EventID: "plan:2", Feeder: "F1", Nature: "planned_maintenance", Start: "2022-07-04T08:00:00+08:00", End: "2022-07-04T17:00:00+08:00",
				CustomerSeconds: 331 * 3_600_000, Customers: 30_000, Places: []snapshot.PlanCost{{Area: "xining", Class: "rural"}}, Flags: []string{"perhaps-told"},
			},
			{Path: "plan", Sheet: "一", Row: 3, EventID: "W-2", Rejected: &snapshot.Problem{Reason: "in-the-past", Column: "start", Value: "2022-01-01", Advice: "leave it out"}},
		},
		Targets: []snapshot.PlanTarget{{
			Scope: "xining", Class: "rural", Strength: "duty", LimitHours: some(11.0), Cost: 330 * 3_600_000, Budget: hours(1000), Used: hours(600), Scheduled: hours(100),
			RemainingBefore: hours(300), RemainingAfter: hours(-30), MissBefore: some(0.42), MissAfter: some(0.996), MedianBefore: some(10.5), MedianAfter: some(11.25),
			Decides: true, Reasons: []string{"over-budget"}, Warnings: []string{"miss-raised"}, Over: 30 * 3_600_000,
			KeepOn: []snapshot.KeepOn{{Path: "plan", Row: 2, EventID: "plan:2", Customers: 4, Of: 30, Saves: 36 * 3_600_000}}, Name: xining(), ClassName: policy.Text{Zh: "农村", En: "Rural"},
		}},
		Repeats: []snapshot.PlanRepeat{{Area: "xining", Class: "rural", Customers: 12_000, Name: policy.Text{Zh: "两月三次", En: "three in two months"}}},
	}
}

// planSite answers with a check, and says what it was sent.
func planSite(c *snapshot.PlanCheck, err error, sent *string) *web.Site {
	status := listing()
	status.Demo, status.Sources = nil, append(status.Sources, web.Source{Name: "base", Base: true})
	s := site(status)
	s.Plan = func(_ context.Context, source string, body io.Reader) (*snapshot.PlanCheck, error) {
		data, readErr := io.ReadAll(body)
		*sent = source + ":" + string(data)
		return c, errors.Join(err, readErr)
	}
	return s
}

// A part is a field of a form; with a name it is a file.
type part struct{ field, name, text string }

// send sends a form to the page of plans.
func send(t *testing.T, h http.Handler, target string, parts []part, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		open := form.CreateFormField
		if p.name != "" {
			open = func(field string) (io.Writer, error) { return form.CreateFormFile(field, p.name) }
		}
		w, err := open(p.field)
		if err == nil {
			_, err = io.WriteString(w, p.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return visitOn(h, http.MethodPost, target, &b, append([]string{"Content-Type", form.FormDataContentType()}, header...)...)
}

func TestPlanValues(t *testing.T) {
	t.Parallel()
	for lang, all := range map[string][]string{
		"zh": {
			"✗ 不可行 计划不可行：超出剩余时户数预算、有未采用的计划、造成频繁停电", "计划 2 行，其中未采用 1 行；共 330.00 时户，停电 50 户次", "已报停电因计划占用其用户而少计 1.00 时户",
			"另：目标的超限概率上升 5 个百分点以上（1/1 项）", "频繁停电：12 户，西宁市、农村，将触发“两月三次”",
			"计划.csv 表 一 第 3 行 W-2 开始 2022-01-01 开始时间早于统计截止时刻 只提出统计截止时刻",
			"✗ 超出 西宁市 · 农村 约束性 1,000.00 600.00 100.00 300.00 330.00 −30.00 – → – 42 % → > 99 % 10.50 → 11.25 限值 11.00",
			"超出剩余时户数预算 西宁市农村（约束性）", "计划.csv 第 2 行（计划.csv:2）：不停 4 户（共 30 户），省 36.00 时户",
			"计划.csv:2 F1 西宁市 · 农村 计划检修 2022-07-04 08:00 – 2022-07-04 17:00 30 331.00 – 可能已按其他编号报过 计划.csv 第 2 行", "已报停电少计 −1.00 合计 330.00",
		},
		"en": {"✗ does not fit The plan does not fit: more than is left of the budget", "leave it out", "keep on 4 of 30 customers, which saves 36.00 customer-hours"},
	} {
		var sent string
		w := send(t, mount(planSite(checked(), nil, &sent)), "/plan?lang="+lang, []part{{"source", "", "events"}, {"file", `C:\计划\计划.csv`, "a,b\n1,2\n"}})
		wants(t, w.Body.String(), all...)
		if w.Code != http.StatusOK || sent != "events:a,b\n1,2\n" {
			t.Errorf("%s: status %d, sent %q", lang, w.Code, sent)
		}
		if !strings.Contains(w.Body.String(), `<option value="events" selected>`) {
			t.Errorf("%s: the source is not kept", lang)
		}
		if strings.Contains(w.Body.String(), `<option value="base"`) {
			t.Errorf("%s: a plan may be read by the mapping of the customer base", lang)
		}
	}
}

// What decides is said first, in words.
func TestPlanVerdicts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fits              bool
		reasons, warnings []string
		want              string
	}{
		"it fits":            {true, nil, nil, "✓ fits The plan fits."},
		"it fits, but":       {true, nil, []string{"miss-likely"}, "✓ fits The plan fits the budgets, but: targets will probably be missed."},
		"it does not":        {false, []string{"over-budget"}, nil, "✗ does not fit The plan does not fit: more than is left of the budget."},
		"nobody can tell":    {false, []string{"nothing-decides"}, nil, "? no budget Nobody can tell whether the plan fits"},
		"said only once":     {false, []string{"no-budget"}, []string{"no-budget"}, "? no budget Nobody can tell"},
		"to be corrected":    {false, []string{"rows-rejected"}, nil, "~ to be corrected 0 rows do not count: correct them and send the plan again. The others keep within the budgets."},
		"nothing is counted": {false, []string{"nothing-accepted"}, nil, "✗ does not fit The plan does not fit: no row counts."},
	} {
		var sent string
		x := &snapshot.PlanCheck{Fits: c.fits, Reasons: c.reasons, Warnings: c.warnings}
		page := send(t, mount(planSite(x, nil, &sent)), "/plan?lang=en", []part{{"file", "p.csv", "x"}}).Body.String()
		if wants(t, page, c.want); strings.Contains(page, "besides:") {
			t.Errorf("%s: a warning is said twice", name)
		}
	}
}

// Whatever is wrong with what is sent, the page says so and has the form still.
func TestPlanProblems(t *testing.T) {
	t.Parallel()
	file := []part{{"file", "p.csv", "x"}}
	large := &web.Problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Err: errors.New("the plan is larger than 5 bytes")}
	for name, c := range map[string]struct {
		target string
		parts  []part
		header []string
		err    error
		status int
		want   string
	}{
		"no file chosen":    {"/plan", []part{{"file", "", ""}}, nil, nil, 400, "No file was chosen."},
		"no file at all":    {"/plan", []part{{"source", "", "x"}}, nil, nil, 400, "No file was chosen."},
		"an empty file":     {"/plan", []part{{"file", "p.csv", ""}}, nil, nil, 400, "The file is empty."},
		"too many fields":   {"/plan", append(make([]part, 9), file...), nil, nil, 400, "No file was chosen."},
		"a source too long": {"/plan", append([]part{{"source", "", strings.Repeat("x", 300)}}, file...), nil, nil, 400, "The file did not come whole: send it again."},
		"another site":      {"/plan", file, []string{"Sec-Fetch-Site", "cross-site"}, nil, 403, "sent from another site"},
		"not a form":        {"/plan", file, []string{"Content-Type", "text/csv"}, nil, 415, "want multipart/form-data"},
		"cut off":           {"/plan", file, []string{"Content-Type", "multipart/form-data; boundary=none"}, nil, 400, "The file did not come whole: send it again."},
		"a parameter":       {"/plan?sourc=x", file, nil, nil, 400, `did you mean "source"?`},
		"too large":         {"/plan", file, nil, large, 413, "The file is too large: ask about less at a time"},
		"a mistake of ours": {"/plan", file, nil, errors.New("boom"), 500, "The program made a mistake"},
	} {
		var sent string
		s := planSite(nil, nil, &sent)
		s.Plan = func(context.Context, string, io.Reader) (*snapshot.PlanCheck, error) { return nil, c.err }
		w := send(t, mount(s), c.target, c.parts, c.header...)
		wants(t, w.Body.String(), c.want)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
		if form := strings.Contains(w.Body.String(), `enctype="multipart/form-data"`); form != (c.status != http.StatusInternalServerError) {
			t.Errorf("%s: the form is there: %v", name, form)
		}
	}
}
