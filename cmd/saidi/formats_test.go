package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/saidi-exporter/saidi/ingest/columnar"
	"github.com/saidi-exporter/saidi/snapshot"
)

// One truth, many formats: the same events give the same answer, byte for byte
// apart from the provenance, whatever file they come in.
func TestOneTruthManyFormats(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rows := truth(400)
	base := put(t, dir, "base.csv", []byte("feeder_id,area,class,customers\nF1,西宁市,市区,120\nF1,西宁市,农村,80\nF2,海东市,城镇,300\n三号线,玉树州,农村,40\n"))
	plain := asCSV(rows, ',')
	files := []string{
		put(t, dir, "utf8.csv", plain),
		put(t, dir, "bom.csv", append([]byte("\ufeff"), plain...)),
		put(t, dir, "gb18030.csv", gb18030(t, plain)),
		put(t, dir, "semicolon.txt", asCSV(rows, ';')),
		put(t, dir, "tab.tsv", asCSV(rows, '\t')),
		put(t, dir, "events.csv.gz", gzipped(t, plain)),
		put(t, dir, "events.zst", zstandard(t, plain)),
		put(t, dir, "gb18030.csv.gz", gzipped(t, gb18030(t, plain))),
		asXLSX(t, dir, "text.xlsx", rows, false),
		asXLSX(t, dir, "serial.xlsx", rows, true),
		asXLSX(t, dir, "really_xlsx.csv", rows, true),
		put(t, dir, "events.ndjson", asNDJSON(t, rows)),
		put(t, dir, "events.ndjson.zst", zstandard(t, asNDJSON(t, rows))),
		put(t, dir, "text.parquet", asColumns(t, rows, false, columnar.NewParquetWriter)),
		put(t, dir, "typed.parquet", asColumns(t, rows, true, columnar.NewParquetWriter)),
		put(t, dir, "typed.parquet.gz", gzipped(t, asColumns(t, rows, true, columnar.NewParquetWriter))),
		put(t, dir, "typed.arrow", asColumns(t, rows, true, columnar.NewArrowFileWriter)),
		put(t, dir, "stream.arrow", asColumns(t, rows, true, columnar.NewArrowWriter)),
	}
	var want []byte
	for _, path := range files {
		s := answer(t, "report", "--base", base, "--format", "json", path)
		if in := s.Provenance.Inputs[0]; in.Rows != len(rows)-1 || in.Accepted == 0 || in.Rejected == 0 {
			t.Errorf("%s: %+v: want %d rows, some accepted and some rejected", path, in, len(rows)-1)
		}
		s.Provenance = snapshot.Provenance{}
		got, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: another answer than %s", filepath.Base(path), filepath.Base(files[0]))
		}
	}
}

// truth is a header and so many rows, some of which cannot be counted.
func truth(n int) [][]string {
	r := rand.New(rand.NewPCG(1, 2))
	rows := [][]string{{"停电事件id", "线路编码", "地市", "地区特征", "停电开始时间", "停电结束时间", "停电户数", "停电性质", "责任原因"}}
	feeders := [][3]string{{"F1", "西宁市", ""}, {"F1", "西宁", "农村"}, {"F2", "630200", "城镇"}, {"三号线", "玉树藏族自治州", ""}, {"F9", "海东", "市区"}, {"F8", "Atlantis", ""}}
	natures := []string{"内部故障", "外部故障", "计划检修", "临时施工", "限电", "", "重合闸成功", "谜"}
	start := time.Date(2021, 11, 20, 0, 0, 0, 0, time.UTC)
	for i := range n {
		from := start.Add(time.Duration(r.IntN(60*86400)) * time.Second)
		to := from.Add(time.Duration(r.IntN(9*3600)-600) * time.Second).Format(time.DateTime)
		if r.IntN(40) == 0 {
			to = ""
		}
		f := feeders[r.IntN(len(feeders))]
		rows = append(rows, []string{
			fmt.Sprintf("E%04d", i), f[0], f[1], f[2], from.Format(time.DateTime), to, strconv.Itoa(r.IntN(150)),
			natures[r.IntN(len(natures))], "大风, \"树障\"",
		})
	}
	return rows
}

func put(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func asCSV(rows [][]string, delimiter rune) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = delimiter
	_ = w.WriteAll(rows) // a buffer takes everything
	return b.Bytes()
}

func gb18030(t *testing.T, text []byte) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// asXLSX writes a workbook; with serial, times are Excel's numbers of days and
// customers are numbers.
func asXLSX(t *testing.T, dir, name string, rows [][]string, serial bool) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, text := range row {
			cells[k] = text
			if !serial || i == 0 {
				continue
			}
			if at, err := time.Parse(time.DateTime, text); err == nil {
				cells[k] = float64(at.Unix())/86400 + 25569
			} else if n, err := strconv.Atoi(text); err == nil && k == 6 {
				cells[k] = n
			}
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return put(t, dir, name, b.Bytes())
}

func asNDJSON(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b strings.Builder
	for _, row := range rows[1:] {
		object := map[string]any{}
		for k, text := range row {
			object[rows[0][k]] = text
			if n, err := strconv.Atoi(text); err == nil && k == 6 {
				object[rows[0][k]] = n
			}
		}
		line, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return []byte(b.String())
}

// asColumns writes a file of columns; typed, times are moments on local clocks
// and customers are integers.
func asColumns(t *testing.T, rows [][]string, typed bool, open func(io.Writer, []columnar.Column) (columnar.Writer, error)) []byte {
	t.Helper()
	b := columnar.Batch{Rows: len(rows) - 1}
	var columns []columnar.Column
	for k, name := range rows[0] {
		v := columnar.Values{Column: columnar.Column{Name: name, Kind: columnar.Text}, Dict: columnar.NewDict(columnar.Limits{})}
		switch {
		case typed && strings.HasSuffix(name, "时间"):
			v.Kind, v.Dict = columnar.Moment, nil
		case typed && name == "停电户数":
			v.Kind, v.Dict = columnar.Integer, nil
		}
		for _, row := range rows[1:] {
			v.Null = append(v.Null, row[k] == "")
			appendColumn(t, &v, row[k])
		}
		columns, b.Columns = append(columns, v.Column), append(b.Columns, v)
	}
	var out bytes.Buffer
	w, err := open(&out, columns)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func appendColumn(t *testing.T, v *columnar.Values, text string) {
	t.Helper()
	var n int64
	var err error
	switch {
	case v.Kind == columnar.Text:
		var code uint32
		code, err = v.Dict.Intern([]byte(text))
		v.Text = append(v.Text, code)
	case text == "":
		v.Int = append(v.Int, 0)
	case v.Kind == columnar.Moment:
		var at time.Time
		at, err = time.Parse(time.DateTime, text)
		v.Int = append(v.Int, at.Unix())
	default:
		n, err = strconv.ParseInt(text, 10, 64)
		v.Int = append(v.Int, n)
	}
	if err != nil {
		t.Fatal(err)
	}
}
