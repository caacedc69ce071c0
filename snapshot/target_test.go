package snapshot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/snapshot"
)

// A targetCase is a story and the verdicts that it ends in, worked out by hand.
type targetCase struct {
	name string
	story
	want    []string            // [verdictOf] every target, in the order of the answer
	details []map[string]string // of the first targets, some of [detailsOf]
}

func (c *targetCase) check(t *testing.T) {
	t.Helper()
	s := c.tell(t)
	got := []string{}
	for i := range s.Targets {
		got = append(got, verdictOf(&s.Targets[i]))
	}
	if diff := cmp.Diff(c.want, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	for i, want := range c.details {
		if i >= len(s.Targets) {
			return
		}
		all := detailsOf(&s.Targets[i])
		for what, value := range want {
			if all[what] != value {
				t.Errorf("target %d: %s is %q, want %q", i, what, all[what], value)
			}
		}
	}
}

func checkTargets(t *testing.T, cases []targetCase) {
	t.Helper()
	for i := range cases {
		t.Run(cases[i].name, func(t *testing.T) {
			t.Parallel()
			cases[i].check(t)
		})
	}
}

// The parts of policies that recur.
const (
	eight     = "targets: [{scope: a, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}]\n"
	cap11     = "targets: [{scope: a, class: rural, cap: 11.5h, strength: aspiration, deadline: 2022-12-31}]\n"
	hundred   = "F1 a rural 100\n"
	fourFeeds = "F1 a rural 100\nF2 b rural 100\nF3 c rural 100\nF4 d rural 100\n"
	base125   = "B F1 - - 2021-03-01T00:00 2021-03-01T12:30 100\n" // 100 customers × 12.5 h / 100 = 12.5 h
	value115  = "N F1 - - 2022-03-01T00:00 2022-03-01T11:30 100\n" // 11.5 h
	oneMore   = "M F1 - - 2022-05-01T00:00:00 2022-05-01T00:00:01 1\n"
)

// The limit itself is within, and one customer-second more is not. 92 % of
// 12.5 h is 11.5 h. One customer-second is 1 / 3600 / 100 h = 0.000003 h.
func TestLimitIsInclusive(t *testing.T) {
	t.Parallel()
	checkTargets(t, []targetCase{
		{"eight per cent exactly", story{policy: eight, base: hundred, events: base125 + value115, asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 met: 11.500000 of 11.500000: within-limit base-coverage-unknown coverage-unknown"},
			[]map[string]string{{"base": "12.500000", "reduction": "0.080000", "base year": "2021", "required": "0.080000", "strength": "duty", "share": "null", "pace": "null", "from": "2022-01-01T00:00:00+08:00", "to": "2023-01-01T00:00:00+08:00"}}},
		{"one customer-second beyond eight per cent", story{policy: eight, base: hundred, events: base125 + value115 + oneMore, asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 missed: 11.500003 of 11.500000: over-limit base-coverage-unknown coverage-unknown"},
			[]map[string]string{{"base": "12.500000", "reduction": "0.080000"}}},
		{"the cap exactly", story{policy: cap11, base: hundred, events: value115, asOf: "2023-06-01", year: 2022},
			[]string{"a rural cap 2022 met: 11.500000 of 11.500000: within-limit coverage-unknown"},
			[]map[string]string{{"base": "null", "reduction": "null", "base year": "null", "strength": "aspiration"}}},
		{"one customer-second beyond the cap", story{policy: cap11, base: hundred, events: value115 + oneMore, asOf: "2023-06-01", year: 2022},
			[]string{"a rural cap 2022 missed: 11.500003 of 11.500000: over-limit coverage-unknown"}, nil},
		{"a published base", story{
			policy: "targets: [{scope: a, class: rural, reduction: 8%, base_value: 12.5h, strength: duty, deadline: 2022-12-31}]\n",
			base:   hundred, events: value115, asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 met: 11.500000 of 11.500000: within-limit coverage-unknown published-base"},
			[]map[string]string{{"base": "12.500000", "reduction": "0.080000"}}},
		// Class and class group: rural 11.5 h × 100, town 2 h × 300 customers, together (1150 + 600) / 400 = 4.375 h.
		{"all customers", story{
			policy: "targets: [{scope: a, class: all, cap: 4.375h, strength: duty, deadline: 2022-12-31}, {scope: a, class: town, cap: 2h, strength: duty, deadline: 2022-12-31}]\n",
			base:   hundred + "F5 a town 300\n", events: value115 + "T F5 - - 2022-07-01T10:00 2022-07-01T12:00 300\n", asOf: "2023-06-01", year: 2022},
			[]string{"a all cap 2022 met: 4.375000 of 4.375000: within-limit coverage-unknown", "a town cap 2022 met: 2.000000 of 2.000000: within-limit coverage-unknown"}, nil},
	})
}

// Where something is missing there is no verdict, and the members that miss it
// are named.
func TestWithoutData(t *testing.T) {
	t.Parallel()
	both := "targets: [{scope: g, class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}, {scope: g, class: rural, cap: 20h, strength: duty, deadline: 2022-12-31}]\n"
	ofB, ofC := "B1 F2 - - 2021-04-01T00:00 2021-04-01T01:00 10\n", "C2 F3 - - 2022-04-01T00:00 2022-04-01T01:00 10\n"
	checkTargets(t, []targetCase{
		{"no base year", story{policy: eight, base: hundred, events: value115, asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 cannot-tell: 11.500000 of null: no-base-year"},
			[]map[string]string{{"base": "null", "reduction": "null", "without": "a"}}},
		{"nobody served in the base year", story{policy: eight, base: "F1 a rural 100 2022-01-01\n", events: base125 + value115, asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 cannot-tell: 11.500000 of null: no-base-year"},
			[]map[string]string{{"base": "null", "reduction": "null", "without": "a"}}},
		{"a base of zero", story{policy: eight, base: hundred, events: value115, covers: "2021-01-01 2023-01-01", asOf: "2023-06-01", year: 2022},
			[]string{"a rural reduction 2022 cannot-tell: 11.500000 of 0.000000: zero-base"},
			[]map[string]string{{"base": "0.000000", "reduction": "null", "without": ""}}},
		{"no data in the year", story{policy: cap11, base: hundred, events: base125, asOf: "2023-06-01", year: 2022},
			[]string{"a rural cap 2022 cannot-tell: null of 11.500000: no-data"}, []map[string]string{{"without": "a"}}},
		{"rejected rows are no data", story{policy: cap11, base: hundred, events: base125 + "R F1 - - 2022-04-01 2022-04-02 1 bad-customers\n", asOf: "2023-06-01", year: 2022},
			[]string{"a rural cap 2022 cannot-tell: null of 11.500000: no-data"}, []map[string]string{{"without": "a"}}},
		{"calm but declared", story{policy: cap11, base: hundred, events: base125, covers: "2022-01-01 2023-01-01 a", asOf: "2023-06-01", year: 2022},
			[]string{"a rural cap 2022 met: 0.000000 of 11.500000: within-limit zero-value"}, []map[string]string{{"without": ""}}},
		// a knows both years, b the base year only, c the evaluation year only.
		{"members without data in either year", story{policy: both, base: fourFeeds, events: base125 + value115 + ofB + ofC, asOf: "2023-06-01", year: 2022},
			[]string{
				"g rural reduction 2022 cannot-tell: null of null: member-without-data base-member-without-data",
				"g rural cap 2022 cannot-tell: null of 20.000000: member-without-data",
			},
			[]map[string]string{{"without": "b c", "base": "null"}, {"without": "b"}}},
		{"members without data in the base year", story{policy: both, base: fourFeeds, events: base125 + value115 + ofC + "B2 F2 - - 2022-04-01T00:00 2022-04-01T01:00 10\n", asOf: "2023-06-01", year: 2022},
			[]string{
				"g rural reduction 2022 cannot-tell: 3.900000 of null: base-member-without-data", // (1150 + 10 + 10) / 300
				"g rural cap 2022 met: 3.900000 of 20.000000: within-limit coverage-unknown",
			},
			[]map[string]string{{"without": "b c"}, {"without": ""}}},
		{"a member without customers", story{policy: both, base: "F1 a rural 100\nF2 b rural 100\nF3 c town 100\n", events: base125 + value115 + ofB + ofC + "B2 F2 - - 2022-04-01T00:00 2022-04-01T01:00 10\n", asOf: "2023-06-01", year: 2022},
			[]string{
				"g rural reduction 2022 cannot-tell: null of null: member-without-data base-member-without-data",
				"g rural cap 2022 cannot-tell: null of 20.000000: member-without-data",
			},
			[]map[string]string{{"without": "c"}, {"without": "c"}}},
	})
}

// A group is Σ customer-hours / Σ customers. Of 1000 customers at 30 h and 9000
// at 10 h that is 120 000 / 10 000 = 12 h, where the mean of means is 20 h; at
// 2 h and 20 h it is 182 000 / 10 000 = 18.2 h against 11 h.
func TestGroupIsPooled(t *testing.T) {
	t.Parallel()
	cap15 := "targets: [{scope: pair, class: rural, cap: 15h, strength: duty, deadline: 2022-12-31}]\n"
	base := "F1 a rural 1000\nF2 b rural 9000\n"
	checkTargets(t, []targetCase{
		{"met, the mean of means is not", story{policy: cap15, base: base, asOf: "2023-06-01", year: 2022,
			events: "A F1 - - 2022-03-01T00:00 2022-03-02T06:00 1000\nB F2 - - 2022-03-01T00:00 2022-03-01T10:00 9000\n"},
			[]string{"pair rural cap 2022 met: 12.000000 of 15.000000: within-limit coverage-unknown"}, nil},
		{"missed, the mean of means is not", story{policy: cap15, base: base, asOf: "2023-06-01", year: 2022,
			events: "A F1 - - 2022-03-01T00:00 2022-03-01T02:00 1000\nB F2 - - 2022-03-01T00:00 2022-03-01T20:00 9000\n"},
			[]string{"pair rural cap 2022 missed: 18.200000 of 15.000000: over-limit coverage-unknown"}, nil},
	})
}

// 1000 customer-hours of 100 customers are 10 h. From 1 July on there are 400
// customers: over the year 100 + 300 × 184 / 365, and the value falls to
// 1000 × 365 / 91 700 = 3.980371 h.
func TestLimitPassedThenDiluted(t *testing.T) {
	t.Parallel()
	diluted := story{
		policy: "targets: [{scope: a, class: rural, cap: 6h, strength: duty, deadline: 2022-12-31}]\n",
		base:   "F1 a rural 100\nF2 a rural 300 2022-07-01\n", events: "E F1 - - 2022-01-10T00:00 2022-01-10T10:00 100\n",
	}
	early, late := diluted, diluted
	early.asOf, late.asOf = "2022-02-01", "2023-01-01"
	checkTargets(t, []targetCase{
		{"early", early, []string{"a rural cap 2022 off-track provisional: 10.000000 of 6.000000: limit-passed coverage-unknown"}, nil},
		{"at the year's end", late, []string{"a rural cap 2022 met provisional: 3.980371 of 6.000000: within-limit coverage-unknown not-settled"}, nil},
	})
}

// In 2023 an outage takes all customers from 28 February 18:00 to 1 March 06:00,
// 12 h; in 2024 from 29 February 06:00 to 18:00. The limit is 92 % of 12 h.
// 29 February compares through the end of the 28th, 6 h; 1 March with 1 March.
func TestLeapDay(t *testing.T) {
	t.Parallel()
	leap := func(asOf string) story {
		return story{
			policy: "targets: [{scope: a, class: rural, reduction: 8%, strength: duty, deadline: 2024-12-31}]\n", base: hundred, asOf: asOf,
			events: "B F1 - - 2023-02-28T18:00 2023-03-01T06:00 100\nN F1 - - 2024-02-29T06:00 2024-02-29T18:00 100\n",
		}
	}
	const passed = "a rural reduction 2024 off-track provisional: 12.000000 of 11.040000: limit-passed base-coverage-unknown coverage-unknown"
	cases := []targetCase{
		// 6 h now, 6 h of 12 h by then: the share is 0.5 and the pace 6 / 5.52.
		{"29 February at noon", leap("2024-02-29T12:00"), []string{"a rural reduction 2024 at-risk provisional: 6.000000 of 11.040000: pace-above base-coverage-unknown coverage-unknown share-of-last-year"},
			[]map[string]string{{"reduction": "0.000000", "share": "0.500000", "pace": "1.086957", "to": "2024-02-29T12:00:00+08:00"}}},
		{"1 March at midnight", leap("2024-03-01"), []string{passed}, []map[string]string{{"reduction": "-1.000000"}}},
		{"1 March at three", leap("2024-03-01T03:00"), []string{passed}, []map[string]string{{"reduction": "-0.333333"}}},                              // 1 − 12 / 9
		{"28 February at noon", leap("2024-02-28T12:00"), []string{"a rural reduction 2024 cannot-tell provisional: null of 11.040000: no-data"}, nil}, // nothing yet
	}
	checkTargets(t, cases)
	for i, want := range []string{"2023-03-01T00:00:00+08:00", "2023-03-01T00:00:00+08:00", "2023-03-01T03:00:00+08:00"} {
		if got := indexOf(cases[i].tell(t), "a", "rural", snapshot.PriorYearToDate); got == nil || got.To != want {
			t.Errorf("%s: the same period of last year ends %v, want %s", cases[i].name, got, want)
		}
	}
}

// Last year a had 10 h by 1 June, 15 h by 1 July and 25 h in all; this year 8 h
// by 1 June and 12 h by 1 July. The data reaches 1 June: the reduction is
// 1 − 8 / 10, while the value is 12 h and the pace 12 / (23 × 15 / 25).
// In the pair, b had 4 h, then 2 h, both in March, and its data reaches 1 May:
// 1 − (2 × 100) / (4 × 100) of the pair. By 1 July the pair has
// (1200 + 200) / 200 = 7 h of 92 % × (2500 + 400) / 200 = 13.34 h, and its share
// is (1500 + 400) / (2500 + 400) = 0.655172.
func TestReductionEndsWithTheData(t *testing.T) {
	t.Parallel()
	target := func(scope string) string {
		return "coverage: {minimum: 0.5}\ntargets: [{scope: " + scope + ", class: rural, reduction: 8%, strength: duty, deadline: 2022-12-31}]\n"
	}
	events := "A1 F1 - - 2021-05-10T00:00 2021-05-10T10:00 100\nA2 F1 - - 2021-06-15T00:00 2021-06-15T05:00 100\nA3 F1 - - 2021-10-10T00:00 2021-10-10T10:00 100\n" +
		"A4 F1 - - 2022-05-10T00:00 2022-05-10T08:00 100\nA5 F1 - - 2022-06-15T00:00 2022-06-15T04:00 100\n" +
		"B1 F2 - - 2021-03-10T00:00 2021-03-10T04:00 100\nB2 F2 - - 2022-03-10T00:00 2022-03-10T02:00 100\n"
	covers := "2021-01-01 2022-06-01 a\n2021-01-01 2022-05-01 b\n"
	checkTargets(t, []targetCase{
		{"an area", story{policy: target("a"), base: fourFeeds, events: events, covers: covers, asOf: "2022-07-01"},
			[]string{"a rural reduction 2022 on-track provisional: 12.000000 of 23.000000: pace-within share-of-last-year"},
			[]map[string]string{{"reduction": "0.200000", "share": "0.600000", "pace": "0.869565", "through": "2022-06-01T00:00:00+08:00", "to": "2022-07-01T00:00:00+08:00"}}},
		{"a group", story{policy: target("pair"), base: fourFeeds, events: events, covers: covers, asOf: "2022-07-01"},
			[]string{"pair rural reduction 2022 on-track provisional: 7.000000 of 13.340000: pace-within share-of-last-year"},
			[]map[string]string{{"reduction": "0.500000", "share": "0.655172", "through": "2022-05-01T00:00:00+08:00"}}},
		// Undeclared, it ends at as-of: 1 − 12 / 15.
		{"undeclared", story{policy: target("a"), base: fourFeeds, events: events, asOf: "2022-07-01"},
			[]string{"a rural reduction 2022 on-track provisional: 12.000000 of 23.000000: pace-within base-coverage-unknown coverage-unknown share-of-last-year"},
			[]map[string]string{{"reduction": "0.200000", "through": "2022-07-01T00:00:00+08:00"}}},
		// Declared beyond as-of, too.
		{"declared ahead", story{policy: target("a"), base: fourFeeds, events: events, covers: "2021-01-01 2023-01-01\n", asOf: "2022-06-15T02:00"},
			[]string{"a rural reduction 2022 on-track provisional: 10.000000 of 23.000000: pace-within share-of-last-year"}, // 10 / (23 × 12 / 25)
			[]map[string]string{{"reduction": "0.166667", "pace": "0.905797", "through": "2022-06-15T02:00:00+08:00"}}},     // 1 − 10 / 12
		// The data ends before the year begins: there is no part to compare.
		{"the data ends last year", story{policy: target("a"), base: fourFeeds, events: events, covers: "2021-01-01 2021-12-01\n", asOf: "2022-07-01"},
			[]string{"a rural reduction 2022 cannot-tell provisional: 12.000000 of 23.000000: coverage-gap pace-within share-of-last-year"},
			[]map[string]string{{"reduction": "null", "through": "2021-12-01T00:00:00+08:00", "gaps": "a"}}},
	})
}

// A base year may lie further back. By 1 July 2020 there were 5 h of 10 h; by
// 1 July 2022 there are 4 h: 1 − 4 / 5. 2021 has nothing to say, but for the
// expected share: 6 h of 8 h by then, so the pace is 4 / (9.2 × 0.75).
// Where the base year has a 29 February, its noon compares with that noon: 2 h
// before it and 3 h after.
func TestBaseYearFurtherBack(t *testing.T) {
	t.Parallel()
	target := func(base, deadline string) string {
		return "targets: [{scope: a, class: rural, reduction: 8%, base: " + base + ", strength: duty, deadline: " + deadline + "}]\n"
	}
	events := "A F1 - - 2020-03-01T00:00 2020-03-01T05:00 100\nB F1 - - 2020-09-01T00:00 2020-09-01T05:00 100\n" +
		"C F1 - - 2021-03-01T00:00 2021-03-01T06:00 100\nD F1 - - 2021-09-01T00:00 2021-09-01T02:00 100\nE F1 - - 2022-03-01T00:00 2022-03-01T04:00 100\n"
	leap := "A F1 - - 2020-02-29T10:00 2020-02-29T15:00 100\nB F1 - - 2024-02-29T10:00 2024-02-29T11:00 100\n"
	checkTargets(t, []targetCase{
		{"two years", story{policy: target("2020", "2022-12-31"), base: hundred, events: events, asOf: "2022-07-01"},
			[]string{"a rural reduction 2022 on-track provisional: 4.000000 of 9.200000: pace-within base-coverage-unknown coverage-unknown share-of-last-year"},
			[]map[string]string{{"base year": "2020", "base": "10.000000", "reduction": "0.200000", "share": "0.750000", "pace": "0.579710"}}},
		// 1 h of 2 h by noon: 1 − 1 / 2. The limit is 92 % of 5 h.
		{"from leap year to leap year", story{policy: target("2020", "2024-12-31"), base: hundred, events: leap, asOf: "2024-02-29T12:00"},
			[]string{"a rural reduction 2024 off-track provisional: 1.000000 of 4.600000: pace-far-above base-coverage-unknown coverage-unknown share-of-time"}, // 1 / (4.6 × 59.5 / 366) = 1.337
			[]map[string]string{{"base year": "2020", "base": "5.000000", "reduction": "0.500000"}}},
	})
}

// When a target is judged, and as what.
func TestYearsThatAreJudged(t *testing.T) {
	t.Parallel()
	events := base125 + value115 + "P F1 - - 2023-01-05T00:00 2023-01-05T05:00 100\n"
	until := func(day string) string { return "valid: {from: 2021-01-01, until: " + day + "}\n" + eight }
	const (
		met        = "a rural reduction 2022 met: 11.500000 of 11.500000: within-limit base-coverage-unknown coverage-unknown"
		notSettled = "a rural reduction 2022 met provisional: 11.500000 of 11.500000: within-limit base-coverage-unknown coverage-unknown not-settled"
		later      = "a rural reduction 2023 met: 5.000000 of 11.500000: within-limit base-coverage-unknown coverage-unknown"
	)
	// After the deadline 5 h stand against the frozen 11.5 h: 1 − 5 / 12.5 = 0.6.
	frozen := []map[string]string{{"strength": "informative", "after": "true", "base year": "2021", "base": "12.500000", "reduction": "0.600000"}}
	checkTargets(t, []targetCase{
		{"a second before it is settled", story{policy: eight, base: hundred, events: events, asOf: "2023-02-14T23:59:59", year: 2022}, []string{notSettled}, nil},
		{"settled, 45 days on", story{policy: eight, base: hundred, events: events, asOf: "2023-02-15", year: 2022}, []string{met}, nil},
		{"at the year's end", story{policy: eight, base: hundred, events: events, asOf: "2023-01-01"}, []string{notSettled}, nil},
		{"a second before the year's end", story{policy: eight, base: hundred, events: events, asOf: "2022-12-31T23:59:59"},
			[]string{"a rural reduction 2022 on-track provisional: 11.500000 of 11.500000: pace-within base-coverage-unknown coverage-unknown share-of-last-year"}, nil},
		{"the year before the deadline", story{policy: eight, base: hundred, events: events, asOf: "2022-01-01"}, []string{}, nil},
		{"a past year asked for", story{policy: eight, base: hundred, events: events, asOf: "2024-06-01", year: 2022}, []string{met}, nil},
		{"after the deadline", story{policy: until("2023-12-31"), base: hundred, events: events, asOf: "2024-06-01", year: 2023}, []string{later}, frozen},
		{"after the deadline, at the year's end", story{policy: "settle: 0d\n" + until("2023-12-31"), base: hundred, events: events, asOf: "2024-01-01"}, []string{later}, frozen},
		{"after the validity", story{policy: until("2023-12-31"), base: hundred, events: events, asOf: "2024-06-01"}, []string{}, nil},
		{"a validity that ends within the year", story{policy: until("2023-12-30"), base: hundred, events: events, asOf: "2024-06-01", year: 2023}, []string{}, nil},
	})
}

// On 20 January 2023 the year 2022 is not settled and is judged beside 2023. Of
// 2023 there are 10 h: more than its cap of 9 h; of the frozen 11.5 h the pace is
// 10 / (11.5 × 19 / 365), as 2022 had nothing by then. From 15 February on 2022
// is not judged any more.
func TestTwoYearsInJanuary(t *testing.T) {
	t.Parallel()
	both := strings.Replace(eight, "}]", "}, {scope: a, class: rural, cap: 9h, strength: duty, deadline: 2023-12-31}]", 1)
	events := base125 + value115 + "P F1 - - 2023-01-05T00:00 2023-01-05T10:00 100\n"
	running := []string{
		"a rural reduction 2023 off-track provisional: 10.000000 of 11.500000: pace-far-above base-coverage-unknown coverage-unknown share-of-time",
		"a rural cap 2023 off-track provisional: 10.000000 of 9.000000: limit-passed coverage-unknown",
	}
	closed := "a rural reduction 2022 met provisional: 11.500000 of 11.500000: within-limit base-coverage-unknown coverage-unknown not-settled"
	checkTargets(t, []targetCase{
		{"20 January", story{policy: both, base: hundred, events: events, asOf: "2023-01-20"}, append(slices.Clone(running), closed),
			[]map[string]string{
				{"strength": "informative", "after": "true", "base year": "2021", "share": "0.052055", "pace": "16.704805"},
				{"strength": "duty", "after": "false", "from": "2023-01-01T00:00:00+08:00", "to": "2023-01-20T00:00:00+08:00"},
				{"strength": "duty", "after": "false", "from": "2022-01-01T00:00:00+08:00", "to": "2023-01-01T00:00:00+08:00", "reduction": "0.080000"},
			}},
		{"a second before it is settled", story{policy: both, base: hundred, events: events, asOf: "2023-02-14T23:59:59"}, append(slices.Clone(running), closed), nil},
		{"15 February", story{policy: both, base: hundred, events: events, asOf: "2023-02-15"}, running, nil},
	})
}

// A window of one's own judges nothing.
func TestCustomWindowHasNoTargets(t *testing.T) {
	t.Parallel()
	s := story{policy: eight, base: hundred, events: base125 + value115, asOf: "2023-06-01"}
	p := s.parsed(t)
	asked := p.YearStart.Year(2022, p.Zone)
	got := snapshot.Build(s.engine(t, p), p, snapshot.Options{Window: &asked})
	if len(got.Targets) != 0 || got.Targets == nil {
		t.Errorf("targets are %v, want none, and not null", got.Targets)
	}
}

// Years that begin elsewhere than on 1 January, and where a clock change makes
// the day on which they begin shorter.
func TestOtherYears(t *testing.T) {
	t.Parallel()
	fiscal := func(begin, deadline string) string {
		return "year_start: \"" + begin + "\"\nsettle: 0d\ntargets: [{scope: a, class: rural, cap: 5h, strength: duty, deadline: " + deadline + "}]\n"
	}
	// All customers are out over the beginning of the year. In Shanghai that is
	// 20:00 to 04:00, 4 h of each year. In Havana the clock goes from 23:59:59 on
	// 12 March to 01:00 on the 13th: from 23:00 to 02:00 are 2 h, 1 of each year.
	// In New York from 00:00 to 04:00 on the 13th are 3 h.
	checkTargets(t, []targetCase{
		{"1 April, the first year", story{policy: fiscal("04-01", "2022-03-31"), base: hundred, asOf: "2022-04-01", events: "E F1 - - 2022-03-31T20:00 2022-04-01T04:00 100\n"},
			[]string{"a rural cap 2021 met: 4.000000 of 5.000000: within-limit coverage-unknown"}, []map[string]string{{"from": "2021-04-01T00:00:00+08:00", "to": "2022-04-01T00:00:00+08:00"}}},
		{"1 April, the second year", story{policy: fiscal("04-01", "2023-03-31"), base: hundred, asOf: "2023-04-01", events: "E F1 - - 2022-03-31T20:00 2022-04-01T04:00 100\nZ F1 - - 2023-03-31 2023-03-31 0\n"},
			[]string{"a rural cap 2022 met: 4.000000 of 5.000000: within-limit coverage-unknown"}, []map[string]string{{"from": "2022-04-01T00:00:00+08:00", "to": "2023-04-01T00:00:00+08:00"}}},
		{"Havana", story{policy: fiscal("03-13", "2023-03-12"), zone: "America/Havana", base: hundred, asOf: "2023-03-13", events: "E F1 - - 2022-03-12T23:00 2022-03-13T02:00 100\nZ F1 - - 2022-05-01 2022-05-01 0\n"},
			[]string{"a rural cap 2022 met: 1.000000 of 5.000000: within-limit coverage-unknown"}, []map[string]string{{"from": "2022-03-13T01:00:00-04:00", "to": "2023-03-13T00:00:00-04:00"}}},
		{"New York", story{policy: fiscal("03-13", "2023-03-12"), zone: "America/New_York", base: hundred, asOf: "2023-03-13", events: "E F1 - - 2022-03-13T00:00 2022-03-13T04:00 100\n"},
			[]string{"a rural cap 2022 met: 3.000000 of 5.000000: within-limit coverage-unknown"}, []map[string]string{{"from": "2022-03-13T00:00:00-05:00", "to": "2023-03-13T00:00:00-04:00"}}},
		// 100 customers and, for the second half of the 8759 h, 100 more from 4380 h
		// after the beginning on: 300 h / (100 + 100 × 4379 / 8759) = 2.000076 h.
		{"New York, the year is an hour short", story{policy: fiscal("03-13", "2023-03-12"), zone: "America/New_York", base: hundred + "F2 a rural 100 2022-09-11T13:00\n", asOf: "2023-03-13", events: "E F1 - - 2022-05-01T00:00 2022-05-01T03:00 100\n"},
			[]string{"a rural cap 2022 met: 2.000076 of 5.000000: within-limit coverage-unknown"}, nil},
	})
}
