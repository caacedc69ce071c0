package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/saidi-exporter/saidi/outage"
)

// Every row of the table of warts in the domain notes, beside the times, which
// have a table of their own.
func TestWarts(t *testing.T) {
	t.Parallel()
	const header, row = "工单号,馈线编码,停电开始时间,停电结束时间,停电户数\n", "G1,F1,2021-01-05 08:00:00,2021-01-05 10:00:00,12\n"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(header + row)
	latin, _ := charmap.ISO8859_1.NewEncoder().String("\"event_id\";\"start\";\"end\";\"causa\"\r\n\"G1\";\"2021-01-05 08:00:00\";\"2021-01-05 10:00:00\";\"Não; programada\"\r\n")
	tests := []struct {
		name, text, mapping string
		check               func(t *testing.T, r result)
	}{
		{"GBK", gbk, "", wantContent("csv, GB18030")},
		{"UTF-8 with a byte order mark", "\uFEFF" + header + row, "", wantContent("csv")},
		{"latin-1 with ; and CRLF, every field quoted, the delimiter in quotes", latin, "{encoding: latin-1, columns: {cause: causa}}", func(t *testing.T, r result) {
			wantContent("csv, latin-1, ;")(t, r)
			if got := r.Events[0].Cause; got != "Não; programada" {
				t.Errorf("cause %q", got)
			}
		}},
		{"a title above the header", "停电事件统计表,,,,\n制表单位：西宁,,,,\n" + header + row, "", wantCounts(3, 2)},
		{"a total at the end", header + row + "合 计：,,,,12\n总计,,,,\n", "", wantCounts(3, 2)},
		{"a blank second header row", header + ",,,,\n" + row, "", wantCounts(1, 0)},
		{"a row of units", header + ",,yyyy-mm-dd hh:mm:ss,,(户)\n" + row, "", wantCounts(2, 1)},
		{"no end", header + "G1,F1,2021-01-05 08:00:00,,12\n", "", func(t *testing.T, r result) {
			if r.Events[0].End != outage.Open {
				t.Errorf("end %d, want open", r.Events[0].End)
			}
		}},
		{"zero customers", header + "G1,F1,2021-01-05 08:00:00,,0\n", "", func(t *testing.T, r result) {
			if r.Events[0].Customers != 0 {
				t.Errorf("%d customers, want 0", r.Events[0].Customers)
			}
		}},
		{"more customers than served count", "event_id,start,customers,用户数\nG1,2021-01-05 08:00:00,200,100\n", "", func(t *testing.T, r result) {
			if e := r.Events[0]; e.Customers != 200 || e.Served != 100 {
				t.Errorf("%d of %d", e.Customers, e.Served)
			}
		}},
		{"ids as 123.0", header + "7001.0,301.0,2021-01-05 08:00:00,,1\n", "", func(t *testing.T, r result) {
			if e := r.Events[0]; e.ID != "7001" || e.Feeder != "301" {
				t.Errorf("event %q on feeder %q", e.ID, e.Feeder)
			}
		}},
		{"one order number on several rows", header + row + strings.Replace(row, "10:00:00", "11:00:00", 1), "repeated: stages", func(t *testing.T, r result) {
			if r.Delivery.Repeated != outage.RepeatedStages || len(r.Events) != 2 || r.Events[0].ID != r.Events[1].ID {
				t.Errorf("got %+v", r)
			}
		}},
		{"feeder codes unique within one utility only", "event_id,start,util,alim\nG1,2021-01-05 08:00:00,CEA,01C1\nG2,2021-01-05 08:00:00,ACRE ,01C1\n", "columns: {feeder_id: [util, alim]}", func(t *testing.T, r result) {
			if got := r.Events[0].Feeder + " " + r.Events[1].Feeder; got != "CEA/01C1 ACRE/01C1" {
				t.Errorf("feeders %s", got)
			}
		}},
		{"two zones in one file", "event_id,start,util\nG1,2024-01-05 08:00:00,CEA\nG2,2024-01-05 08:00:00,ACRE\nG3,2024-01-05 08:00:00,RIO\n", "zone: {column: util, values: {CEA: America/Belem, ACRE: America/Rio_Branco}}", func(t *testing.T, r result) {
			if len(r.Events) != 2 || r.Events[1].Start-r.Events[0].Start != 2*3600 {
				t.Errorf("got %+v, want two hours between them", r.Events)
			}
			if len(r.Rejected) != 1 || r.Rejected[0].Reason != outage.UnknownZone || r.Rejected[0].Column != "util" || r.Rejected[0].Value != "RIO" {
				t.Errorf("rejected %+v, want the unknown zone", r.Rejected)
			}
		}},
		{"overlaps on one feeder are neither merged nor rejected", header + row + strings.Replace(row, "G1", "G2", 1), "", wantCounts(2, 0)},
		{"a feeder's name where there is no code", "工单号,线路名称,停电开始时间\nG1,10kV城东线,2021-01-05 08:00:00\n", "", func(t *testing.T, r result) {
			if r.Events[0].Feeder != "10kV城东线" {
				t.Errorf("feeder %q", r.Events[0].Feeder)
			}
		}},
		{"a whole feeder without customers", header + "G1,F1,2021-01-05 08:00:00,,\n", "missing_customers: whole_feeder", func(t *testing.T, r result) {
			if !r.Delivery.WholeFeeder || r.Events[0].Customers != outage.Missing {
				t.Errorf("got %+v", r)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, tt.mapping)
			r := read(t, tt.text, opts)
			if len(r.Events) == 0 {
				t.Fatalf("no events, rejected %+v", r.Rejected)
			}
			tt.check(t, r)
		})
	}
}

func wantContent(want string) func(t *testing.T, r result) {
	return func(t *testing.T, r result) {
		t.Helper()
		if r.Delivery.Content != want {
			t.Errorf("content %q, want %q", r.Delivery.Content, want)
		}
	}
}

func wantCounts(rows, skipped int) func(t *testing.T, r result) {
	return func(t *testing.T, r result) {
		t.Helper()
		if r.Delivery.Rows != rows || r.Delivery.Skipped != skipped || len(r.Rejected) != 0 {
			t.Errorf("%d rows, %d skipped, rejected %+v; want %d and %d", r.Delivery.Rows, r.Delivery.Skipped, r.Rejected, rows, skipped)
		}
	}
}

// A workbook under the name of a text, with a merged title, several sheets of
// which one holds no events, a total, and dates as dates.
func TestWorkbookWarts(t *testing.T) {
	t.Parallel()
	data := workbookOf(t, func(f *excelize.File) {
		_, _ = f.NewSheet("说明")
		_, _ = f.NewSheet("二月")
		_, _ = f.NewSheet("旧")
		_ = f.SetSheetVisible("旧", false)
		setRows(t, f, "Sheet1", []any{"停电事件统计表"}, []any{"工单号", "馈线编码", "停电开始时间", "停电结束时间", "停电户数(户)"},
			[]any{20210100000001, 301, 44201.5, 44201.75, 12}, []any{"合计", nil, nil, nil, 12})
		_ = f.MergeCell("Sheet1", "A1", "E1")
		setRows(t, f, "说明", []any{"本表由系统导出"})
		setRows(t, f, "二月", []any{"工单号", "停电开始时间", "停电结束时间"}, []any{"G2", "2021-02-05 08:00:00"}, []any{"G3", "x"})
	})
	r, err := gather(t, "events.csv", data, shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Events) != 2 || len(r.Rejected) != 1 || r.Delivery.Rows != 5 || r.Delivery.Skipped != 2 {
		t.Fatalf("got %+v", r)
	}
	e := r.Events[0]
	if e.ID != "20210100000001" || e.Feeder != "301" || e.Start != instant(t, "2021-01-05T12:00:00+08:00") || e.End-e.Start != 6*3600 {
		t.Errorf("got %+v", e)
	}
	var places []string
	for _, row := range []outage.Row{r.Events[0].Row, r.Events[1].Row, r.Rejected[0].Row} {
		sheet, n := r.Delivery.Place(row)
		places = append(places, fmt.Sprintf("%s %d", sheet, n))
	}
	if diff := cmp.Diff([]string{"Sheet1 3", "二月 2", "二月 3"}, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	warnings := fmt.Sprint(r.Delivery.Warnings)
	if !strings.Contains(warnings, "events.csv") || !strings.Contains(warnings, "说明") || !strings.Contains(warnings, "旧") || len(r.Delivery.Warnings) != 3 {
		t.Errorf("warnings %q, want one of the name, one of the sheet without a header and one of the hidden sheet", warnings)
	}
}

func TestWorkbook1904(t *testing.T) {
	t.Parallel()
	yes := true
	data := workbookOf(t, func(f *excelize.File) {
		_ = f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		setRows(t, f, "Sheet1", []any{"event_id", "start"}, []any{"G1", 44201.5 - 1462})
	})
	r, err := gather(t, "events.xlsx", data, shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := instant(t, "2021-01-05T12:00:00+08:00"); len(r.Events) != 1 || r.Events[0].Start != want {
		t.Errorf("got %+v, want a start at %d", r.Events, want)
	}
}
