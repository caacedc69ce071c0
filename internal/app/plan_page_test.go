package app

import (
	"bytes"
	"compress/gzip"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// upload sends a file by the form of the page of plans.
func (s *station) upload(name, source, content string) (status int, page string) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("source", source); err != nil {
		s.t.Fatal(err)
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := file.Write([]byte(content)); err != nil {
		s.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send("POST", "/plan?lang=en", "r3ad", form.FormDataContentType(), body.String())
}

// gzipOf is a text packed by gzip.
func gzipOf(t *testing.T, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for _, part := range parts {
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page of plans answers what the API does, and what it cannot answer it says
// with the form still there.
func TestPlanByPage(t *testing.T) {
	t.Parallel()
	s := withStore(t, "events/1.csv", header+e1)
	s.counts(200)
	before := answerOf(t, s.status().Snapshot)
	for _, tt := range []struct {
		name, source, content, says string
		status                      int
	}{
		{"plan.csv", "", header + p1, "200", http.StatusOK},
		{"plan.csv", "grid", header + p1, "200", http.StatusOK},
		{"plan.csv", "none", header + p1, "none", http.StatusBadRequest},
		{"plan.csv", "", "\x00\x01\x02", "", http.StatusBadRequest},
		{"plan.csv", "", "cause," + header + strings.Repeat(strings.Repeat("x", 4<<10)+","+p1, planBytes>>12), "ask about less at a time", http.StatusRequestEntityTooLarge},
		{"plan.csv", "", header + strings.Repeat(p1, planRows+1), "more than 10000 rows", http.StatusUnprocessableEntity},
		{"total.csv", "", header + strings.Repeat("合计,,,,,\n", planRows+1), "more than 10000 rows", http.StatusUnprocessableEntity},
		{"blank.csv.gz", "", gzipOf(t, header, strings.Repeat("\n", planUnpacked)), "limit of 67108864 bytes", http.StatusBadRequest},
	} {
		status, page := s.upload(tt.name, tt.source, tt.content)
		if status != tt.status || !strings.Contains(page, tt.says) || !strings.Contains(page, `type="file"`) {
			t.Errorf("%.40q of source %q: %d, says %q: %t; want %d", tt.content, tt.source, status, tt.says, strings.Contains(page, tt.says), tt.status)
		}
	}
	for i, ok := 0, true; ok; i++ {
		_, ok = s.plans.Enter(strconv.Itoa(i))
	}
	if status, _ := s.upload("plan.csv", "", header+p1); status != http.StatusServiceUnavailable {
		t.Errorf("one plan too many at once: %d, want 503", status)
	}
	if after := answerOf(t, s.status().Snapshot); after != before {
		t.Error("the report changed")
	}
}
