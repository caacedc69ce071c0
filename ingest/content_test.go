package ingest

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/saidi-exporter/saidi/outage"
)

var sampleHeader = []string{"工单号", "馈线编码", "所属地市", "地区特征", "停电开始时间", "停电结束时间", "停电户数", "停电性质", "责任原因"}

// sampleRows are the rows that every format and encoding must give alike.
func sampleRows(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("G%05d", i), "城东线", "西宁市", "市区", fmt.Sprintf("2021-01-05 08:%02d:00", i%60), "2021-01-06 00:00:00", fmt.Sprint(i), "计划检修", `配网"检修", 改造`}
	}
	return rows
}

func delimitedSample(comma string, rows [][]string) string {
	var b strings.Builder
	for _, row := range append([][]string{sampleHeader}, rows...) {
		quoted := make([]string, len(row))
		for i, cell := range row {
			quoted[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		b.WriteString(strings.Join(quoted, comma) + "\r\n")
	}
	return b.String()
}

func jsonSample(t testing.TB, rows [][]string, array bool) string {
	t.Helper()
	var lines []string
	for _, row := range rows {
		object := map[string]string{}
		for i, key := range sampleHeader {
			object[key] = row[i]
		}
		line, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	if array {
		return "[\n" + strings.Join(lines, ",\n") + "\n]"
	}
	return strings.Join(lines, "\n") + "\n"
}

func workbookSample(t testing.TB, rows [][]string) []byte {
	t.Helper()
	return workbookOf(t, func(f *excelize.File) {
		for i, row := range append([][]string{sampleHeader}, rows...) {
			cells := make([]any, len(row))
			for j, cell := range row {
				cells[j] = cell
			}
			if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// One content in every format, encoding and compression gives equal events.
func TestFormatsAndEncodings(t *testing.T) {
	t.Parallel()
	rows := sampleRows(20)
	csv := delimitedSample(",", rows)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(csv)
	if err != nil {
		t.Fatal(err)
	}
	little, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(csv)
	big, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(jsonSample(t, rows, false))
	book := workbookSample(t, rows)
	tests := []struct {
		name, content string
		data          []byte
	}{
		{"a.csv", "csv", []byte(csv)},
		{"bom.csv", "csv", []byte("\uFEFF" + csv)},
		{"gb.csv", "csv, GB18030", []byte(gb)},
		{"gb.csv.gz", "csv, GB18030, gzip", gzipped(t, []byte(gb))},
		{"utf16.txt", "csv, UTF-16LE", []byte(little)},
		{"utf16.ndjson", "ndjson, UTF-16BE", []byte(big)},
		{"semicolon.csv", "csv, ;", []byte(delimitedSample(";", rows))},
		{"bar.csv", "csv, |", []byte(delimitedSample("|", rows))},
		{"tab.tsv", "tsv", []byte(delimitedSample("\t", rows))},
		{"cr.csv", "csv", []byte(strings.ReplaceAll(csv, "\r\n", "\r"))},
		{"zst.csv.zst", "csv, zstd", zstandard(t, []byte(csv))},
		{"lines.ndjson", "ndjson", []byte(jsonSample(t, rows, false))},
		{"lines.jsonl.gz", "ndjson, gzip", gzipped(t, []byte(jsonSample(t, rows, false)))},
		{"array.json", "json", []byte(jsonSample(t, rows, true))},
		{"book.xlsx", "xlsx", book},
		{"book.xlsx.zst", "xlsx, zstd", zstandard(t, book)},
	}
	want := read(t, csv, shanghai(t)).Events
	if len(want) != len(rows) {
		t.Fatalf("%d events, want %d", len(want), len(rows))
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := gather(t, tt.name, tt.data, shanghai(t))
			if err != nil {
				t.Fatal(err)
			}
			if r.Delivery.Content != tt.content || len(r.Delivery.Warnings) > 0 {
				t.Errorf("content %q, warnings %q, want %q and none", r.Delivery.Content, r.Delivery.Warnings, tt.content)
			}
			if diff := cmp.Diff(want, r.Events, cmpopts.IgnoreFields(outage.Event{}, "Row")); diff != "" {
				t.Errorf("(-csv +%s):\n%s", tt.name, diff)
			}
		})
	}
}

// A file, a reader that can seek and a pipe give the same.
func TestPipeAndFile(t *testing.T) {
	t.Parallel()
	data := []byte(delimitedSample(",", sampleRows(20_000)))
	path := filepath.Join(t.TempDir(), "a.csv")
	writeFile(t, path, data)
	want, err := gather(t, path, data, shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, reading := range map[string]func(emit func(*outage.Batch) error) (*outage.Delivery, error){
		"file": func(emit func(*outage.Batch) error) (*outage.Delivery, error) {
			return EventsFile(path, shanghai(t), emit)
		},
		"pipe": func(emit func(*outage.Batch) error) (*outage.Delivery, error) {
			r, w := io.Pipe()
			go func() {
				_, err := w.Write(data)
				_ = w.CloseWithError(err)
			}()
			return Events(path, r, shanghai(t), emit)
		},
	} {
		var events []outage.Event
		d, err := reading(func(b *outage.Batch) error {
			for i := range b.Len() {
				events = append(events, b.Event(i))
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want.Delivery, d); diff != "" {
			t.Errorf("%s: delivery (-want +got):\n%s", name, diff)
		}
		if !slices.EqualFunc(want.Events, events, func(a, b outage.Event) bool { return cmp.Equal(a, b) }) {
			t.Errorf("%s: other events", name)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, text, mapping, want string }{
		{"name says workbook", "a.xlsx", sample, "", "a.xlsx does not tell that the content is csv"},
		{"name says gzip", "a.csv.gz", sample, "", "a.csv.gz does not tell that the content is csv"},
		{"name says JSON", "a.json", sample, "", "does not tell that the content is csv"},
		{"mapping says workbook", "a.csv", sample, "format: xlsx", "the mapping says format: xlsx, and the content is csv"},
		{"two columns for one field", "a.csv", "event_id,start,停电时间,end\nE1,2021-01-05,x,\n", "", `"start" and "停电时间" both look like start`},
		{"no end", "a.csv", "event_id,start\nE1,2021-01-05\n", "", "every row counts as still out"},
		{"names not known", "a.csv", "event_id,start,end,天气,备注\nE1,2021-01-05,,晴,\n", "", `columns not read, as their names are not known: "天气", "备注"`},
		{"a key that no object has", "a.ndjson", `{"event_id":"E1","start":"2021-01-05","end":null}`, "columns: {cause: why}", `no object has the key "why"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, tt.mapping)
			r, err := gather(t, tt.file, []byte(tt.text), opts)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Delivery.Warnings) != 1 || !strings.Contains(r.Delivery.Warnings[0].String(), tt.want) {
				t.Errorf("warnings %q, want %q", r.Delivery.Warnings, tt.want)
			}
		})
	}
}

// Records of JSON: numbers keep their digits, steps are read, columns may join
// late, lines that are no objects are rejected.
func TestJSON(t *testing.T) {
	t.Parallel()
	r := read(t, `{"event_id":12345678901234567890,"start":1609804980,"customers":120,"extra":{"a":1}}
nonsense
{"event_id":"E2","start":"2021-01-05T08:00:00+08:00","end":"2021-01-05 14:00:00","customers":120,"steps":[{"at":"2021-01-05 09:30:00","restored":60},{"at":"2021-01-05T11:00:00+08:00","restored":"40"}]}
{"start":"2021-01-05"}
`, shanghai(t))
	if len(r.Events) != 2 || len(r.Rejected) != 2 {
		t.Fatalf("got %+v", r)
	}
	if e := r.Events[0]; e.ID != "12345678901234567890" || e.Start != 1609804980 || e.End != outage.Open {
		t.Errorf("got %+v", e)
	}
	want := []outage.Step{{At: instant(t, "2021-01-05T09:30:00+08:00"), Restored: 60}, {At: instant(t, "2021-01-05T11:00:00+08:00"), Restored: 40}}
	if diff := cmp.Diff(want, r.Events[1].Steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if got := []outage.Reason{r.Rejected[0].Reason, r.Rejected[1].Reason}; !slices.Equal(got, []outage.Reason{outage.Malformed, outage.MissingValue}) {
		t.Errorf("reasons %v", got)
	}
	if got := []outage.Row{r.Events[0].Row, r.Rejected[0].Row, r.Events[1].Row, r.Rejected[1].Row}; !slices.Equal(got, []outage.Row{1, 2, 3, 4}) {
		t.Errorf("rows %v", got)
	}
}
