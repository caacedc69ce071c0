package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/policy"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// The first line names the windows as the calendar does where it can; where hours
// cannot be told, it is in customer-hours.
func TestFirstLineOfAChange(t *testing.T) {
	t.Parallel()
	const hour = 3600 * 1000 // of one customer
	window := func(from, to string, year, month int, part bool) snapshot.WindowAmount {
		return snapshot.WindowAmount{From: from + "T00:00:00+08:00", To: to + "T00:00:00+08:00", Year: year, Month: month, Part: part}
	}
	tests := []struct {
		name          string
		before, after snapshot.WindowAmount
		soFar         bool
		zh, en        string
	}{
		{"years", window("2021-01-01", "2022-01-01", 2021, 0, false), window("2022-01-01", "2023-01-01", 2022, 0, false), false,
			"西宁市农村：2022 年 408.25 时户，2021 年 512.00 时户，变化 −103.75 时户",
			"Xining, Rural: 408.25 customer-hours in 2022 against 512.00 in 2021: −103.75"},
		{"a running year", window("2021-01-01", "2021-08-01", 2021, 0, true), window("2022-01-01", "2022-08-01", 2022, 0, true), true,
			"西宁市农村：2022 年至今 408.25 时户，2021 年同期 512.00 时户，变化 −103.75 时户",
			"Xining, Rural: 408.25 customer-hours in 2022 so far against 512.00 in the same time of 2021: −103.75"},
		{"a part of a year", window("2021-01-01", "2021-08-01", 2021, 0, true), window("2022-01-01", "2022-08-01", 2022, 0, true), false,
			"西宁市农村：2022-01-01 – 2022-08-01 408.25 时户，2021-01-01 – 2021-08-01 512.00 时户，变化 −103.75 时户",
			"Xining, Rural: 408.25 customer-hours in 2022-01-01 – 2022-08-01 against 512.00 in 2021-01-01 – 2021-08-01: −103.75"},
		{"months", window("2021-06-01", "2021-07-01", 2021, 6, false), window("2022-06-01", "2022-07-01", 2022, 6, false), false,
			"西宁市农村：2022 年 06 月 408.25 时户，2021 年 06 月 512.00 时户，变化 −103.75 时户",
			"Xining, Rural: 408.25 customer-hours in 2022-06 against 512.00 in 2021-06: −103.75"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := &snapshot.Contributions{
				Name: policy.Text{Zh: "西宁市", En: "Xining"}, ClassName: policy.Text{Zh: "农村", En: "Rural"},
				Before: tt.before, After: tt.after, SoFar: tt.soFar, WithoutData: []string{"huangzhong"},
				Change: -103.75 * hour,
			}
			c.Before.CustomerSeconds, c.After.CustomerSeconds = 512*hour, 408.25*hour
			for language, want := range map[wording.Language]string{wording.Chinese: tt.zh, wording.English: tt.en} {
				var out strings.Builder
				if err := ContributionsText(&out, c, Show{Language: language, Width: 160}); err != nil {
					t.Fatal(err)
				}
				got, _, _ := strings.Cut(out.String(), "\n")
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", language, diff)
				}
			}
		})
	}
}

// What rounds to nothing has no sign.
func TestMoreHours(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change snapshot.Milli
		want   string
	}{
		"more": {3_600_000, "+1.00"}, "less": {-5_400_000, "−1.50"}, "none": {0, "0.00"}, "hardly more": {17_999, "0.00"}, "hardly less": {-17_999, "0.00"},
	} {
		if got := moreHours(tt.change); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
