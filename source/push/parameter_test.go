package push_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/saidi-exporter/saidi/source/push"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	one, two := []string{"north"}, []string{"north", "south"}
	tests := []struct {
		name    string
		sources []string
		query   string
		want    push.Delivery
		status  int
		message string
	}{
		{"none", one, "", push.Delivery{Source: "north"}, 200, ""},
		{"all", two, "?source=south&name=june.csv&covers=2022-06-01..2022-06-02&covers=2022-06-03..2022-06-04&strict=true&wait=2s",
			push.Delivery{Source: "south", Name: "june.csv", Covers: []string{"2022-06-01..2022-06-02", "2022-06-03..2022-06-04"}, Strict: true, Wait: 2 * time.Second}, 200, ""},
		{"not strict", one, "?strict=false&wait=0", push.Delivery{Source: "north"}, 200, ""},
		{"names of other languages", one, "?name=" + url.QueryEscape("六月.csv"), push.Delivery{Source: "north", Name: "六月.csv"}, 200, ""},
		{"no source configured", []string{}, "", push.Delivery{}, 404, "no source takes pushes: add one to the configuration"},
		{"which of two", two, "", push.Delivery{}, 400, "source: there are several: name one by ?source=, of north, south"},
		{"unknown source", two, "?source=east", push.Delivery{}, 404, "no source of that name takes pushes: name one by ?source=, of north, south"},
		{"empty source", one, "?source=", push.Delivery{}, 404, "no source of that name takes pushes: name one by ?source=, of north"},
		{"misspelt", one, "?strickt=true", push.Delivery{}, 400, "strickt: is not known; did you mean strict?"},
		{"twice", one, "?strict=true&strict=false", push.Delivery{}, 400, "strict: is given 2 times: give it once"},
		{"neither true nor false", one, "?strict=1", push.Delivery{}, 400, "strict: say true or false"},
		{"strict and nothing", one, "?strict", push.Delivery{}, 400, "strict: say true or false"},
		{"no time", one, "?wait=soon", push.Delivery{}, 400, "wait: give a time such as 2s, at most 10s"},
		{"before now", one, "?wait=-1s", push.Delivery{}, 400, "wait: give a time such as 2s, at most 10s"},
		{"for ever", one, "?wait=11s", push.Delivery{}, 400, "wait: give a time such as 2s, at most 10s"},
		{"empty period", one, "?covers=", push.Delivery{}, 400, "covers: give FROM..TO, at most 100 times"},
		{"many periods", one, "?" + strings.Repeat("covers=a..b&", 101), push.Delivery{}, 400, "covers: give FROM..TO, at most 100 times"},
		{"long name", one, "?name=" + strings.Repeat("x", 256), push.Delivery{}, 400, "name: give at most 255 bytes of plain text"},
		{"two lines", one, "?name=a%0Ab", push.Delivery{}, 400, "name: give at most 255 bytes of plain text"},
		{"not UTF-8", one, "?name=a%FFb", push.Delivery{}, 400, "name: give at most 255 bytes of plain text"},
		{"broken escape", one, "?name=%zz", push.Delivery{}, 400, "query: cannot be taken apart: encode what is behind the question mark"},
		{"semicolon", one, "?strict=true;wait=1s", push.Delivery{}, 400, "query: cannot be taken apart: encode what is behind the question mark"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, err := push.NewAccess([]push.Token{{Name: "scada", SHA256: digest(writeToken), Write: true}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			s := newSite(t, push.Options{Sources: tt.sources, Access: a})
			for _, path := range []string{eventsPath, basePath} {
				got := s.do(t, http.MethodPost, path+tt.query, "{}\n", bearer(writeToken))
				if message := got.message(t); got.status != tt.status || message != tt.message {
					t.Errorf("got %d %q, want %d %q", got.status, message, tt.status, tt.message)
				}
			}
			if tt.status != http.StatusOK {
				return
			}
			events, base := tt.want, tt.want
			events.Who, base.Who, base.Base = "scada", "scada", true
			if diff := cmp.Diff([]push.Delivery{events, base}, s.shelf.kept, cmpopts.IgnoreFields(push.Delivery{}, "Body"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("deliveries differ (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"{}\n", "{}\n"}, s.shelf.text); diff != "" {
				t.Errorf("bodies differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		kind, encoding []string
		status         int
		code           string
	}{
		{"nothing said", nil, nil, 200, ""},
		{"bytes", []string{"application/octet-stream"}, nil, 200, ""},
		{"CSV", []string{"text/csv; charset=gb18030; header=present"}, nil, 200, ""},
		{"NDJSON", []string{"application/x-ndjson"}, nil, 200, ""},
		{"Parquet", []string{"application/vnd.apache.parquet"}, nil, 200, ""},
		{"Arrow", []string{"application/vnd.apache.arrow.stream"}, nil, 200, ""},
		{"gzip", []string{"application/octet-stream"}, []string{"gzip"}, 200, ""},
		{"gzip in other letters", []string{"application/octet-stream"}, []string{" X-GZip "}, 200, ""},
		{"zstd", []string{"application/octet-stream"}, []string{"zstd"}, 200, ""},
		{"identity", []string{"application/octet-stream"}, []string{"identity"}, 200, ""},
		{"what curl says of any body", []string{"application/x-www-form-urlencoded"}, nil, 200, ""},
		{"a form with files", []string{"multipart/form-data; boundary=x"}, nil, 415, "media-type"},
		{"parts", []string{"Multipart/Mixed; boundary=x"}, nil, 415, "media-type"},
		{"a picture", []string{"image/png"}, nil, 415, "media-type"},
		{"a page", []string{"text/html"}, nil, 415, "media-type"},
		{"nonsense", []string{"text/csv; ="}, nil, 415, "media-type"},
		{"empty", []string{""}, nil, 415, "media-type"},
		{"two", []string{"text/csv", "application/json"}, nil, 415, "media-type"},
		{"brotli", nil, []string{"br"}, 415, "content-encoding"},
		{"packed twice", nil, []string{"gzip, gzip"}, 415, "content-encoding"},
		{"packed twice in two headers", nil, []string{"gzip", "zstd"}, 415, "content-encoding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{})
			header := http.Header{"Authorization": {"Bearer " + writeToken}}
			if tt.kind != nil {
				header["Content-Type"] = tt.kind
			}
			if tt.encoding != nil {
				header["Content-Encoding"] = tt.encoding
			}
			got := s.do(t, http.MethodPost, eventsPath, "\x1f\x8b\x00as it is\n", header)
			got.want(t, tt.status, tt.code)
			if tt.status == http.StatusOK && s.shelf.text[0] != "\x1f\x8b\x00as it is\n" {
				t.Errorf("got %q, want the body as it was sent", s.shelf.text[0])
			}
			if tt.code == "media-type" && !strings.Contains(got.message(t), "--data-binary") {
				t.Errorf("got %q, want what to send", got.message(t))
			}
		})
	}
}
