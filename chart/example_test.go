package chart_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/chart"
)

// The part of a drawing that a screen reader tells, and its size.
func ExampleLines() {
	from := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	l := chart.Lines{
		Title: "Xining, rural, 2022", Description: "2.5 h until March.", Unit: "hours", From: from, To: from.AddDate(1, 0, 0), Months: []string{"Jan", "Feb", "Mar"},
		Curves: []chart.Curve{{Style: chart.Value, Label: "2022", Points: []chart.Point{{At: from, Value: 0}, {At: from.AddDate(0, 3, 0), Value: 2.5}}}},
		Marks:  []chart.Mark{{Style: chart.Limit, Label: "11 h", Value: 11}},
	}
	told, _, _ := strings.Cut(l.SVG(), "<g")
	fmt.Println(told)
	// Output:
	// <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 720 320" width="720" height="320" preserveAspectRatio="xMidYMid meet" font-size="12"><title>Xining, rural, 2022</title><desc>2.5 h until March.</desc>
}
