package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/source/push"
)

// message is what the answer says is wrong.
func (a *answered) message(t *testing.T) string {
	t.Helper()
	var failure struct {
		Error struct{ Message string } `json:"error"`
	}
	if err := json.Unmarshal(a.body, &failure); err != nil {
		t.Fatal(err)
	}
	return failure.Error.Message
}

// says is a Take that reads all and gives an answer.
func says(a *push.Answer, err error) func(context.Context, *push.Delivery) (*push.Answer, error) {
	return func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
		if _, err := io.Copy(io.Discard, d.Body); err != nil {
			return nil, err
		}
		return a, err
	}
}

// The contract is what is written here, to the last name.
func TestAnswer(t *testing.T) {
	t.Parallel()
	sum := digest("{}\n")
	tests := []struct {
		name string
		a    push.Answer
		want string
	}{
		{"little", push.Answer{SHA256: sum, Received: time.Unix(0, 0)}, `{"schema_version":1,"delivery":0,"sequence":{"first":0,"last":0},"received":"1970-01-01T00:00:00Z","again":false,` +
			`"sha256":"` + sum + `","content":"","rows":0,"stored":0,"rejected":0,"skipped":0,"rejections":[],"rejections_left_out":0,"applied":false,"notes":[]}`},
		{"much", push.Answer{
			Delivery: 7, Sequence: push.Sequence{First: 11, Last: 12}, Received: time.Date(2022, 6, 1, 8, 0, 0, 5e6, time.FixedZone("", 8*3600)), Again: true, SHA256: sum, Content: "csv, GB18030",
			Rows: 5, Stored: 2, Rejected: 2, Skipped: 1, Rejections: []push.Rejection{{3, "六月", "e<1>", "end", "x\xffy", "bad-time", "write it"}}, LeftOut: 1,
			Applied: true, Outcomes: &push.Outcomes{Accepted: 1, Duplicate: 2, Superseded: 3, Cancelled: 4, Excluded: 5, Rejected: 6}, Notes: []string{"odd"},
		}, `{"schema_version":1,"delivery":7,"sequence":{"first":11,"last":12},"received":"2022-06-01T00:00:00.005Z","again":true,` +
			`"sha256":"` + sum + `","content":"csv, GB18030","rows":5,"stored":2,"rejected":2,"skipped":1,` +
			`"rejections":[{"row":3,"sheet":"六月","event_id":"e<1>","column":"end","value":"x\ufffdy","reason":"bad-time","advice":"write it"}],"rejections_left_out":1,` +
			`"applied":true,"outcomes":{"accepted":1,"duplicate":2,"superseded":3,"cancelled":4,"excluded":5,"rejected":6},"notes":["odd"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{Take: says(&tt.a, nil)})
			got := s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken))
			if diff := cmp.Diff(tt.want+"\n", string(got.body)); diff != "" {
				t.Errorf("answers differ (-want +got):\n%s", diff)
			}
			for name, want := range map[string]string{
				"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Length": fmt.Sprint(len(got.body)),
			} {
				if got := got.header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

// However many rows are rejected and whatever they hold, an answer is not long.
func TestBoundedAnswer(t *testing.T) {
	t.Parallel()
	var many []push.Rejection
	for i := range 1500 {
		many = append(many, push.Rejection{Row: i + 1, Value: strings.Repeat("停", 1<<10), Column: "x" + strings.Repeat("é", 1<<10)})
	}
	for name, take := range map[string]func(context.Context, *push.Delivery) (*push.Answer, error){
		"stored":  says(&push.Answer{SHA256: digest(""), Rejections: many, LeftOut: 7}, nil),
		"refused": says(nil, &push.Refused{Err: errors.New("rows are rejected"), Rejections: many, LeftOut: 7}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{Take: take})
			var got struct {
				Rejections []push.Rejection `json:"rejections"`
				LeftOut    int              `json:"rejections_left_out"`
			}
			answer := s.do(t, http.MethodPost, eventsPath, "{}\n", bearer(writeToken))
			if err := json.Unmarshal(answer.body, &got); err != nil {
				t.Fatal(err)
			}
			if len(got.Rejections) != 1000 || got.LeftOut != 507 || got.Rejections[999].Row != 1000 {
				t.Errorf("%d rejections and %d left out, want 1000 and 507", len(got.Rejections), got.LeftOut)
			}
			first := got.Rejections[0]
			if want := strings.Repeat("停", 85) + "…"; first.Value != want {
				t.Errorf("value: got %q, want %q", first.Value, want)
			}
			if !utf8.ValidString(first.Column) || strings.Contains(string(answer.body), `\ufffd`) || len(first.Column) > 260 {
				t.Errorf("column: got %q", first.Column)
			}
		})
	}
	if len(many[0].Value) != 3<<10 {
		t.Error("the caller's rejections are changed")
	}
}
