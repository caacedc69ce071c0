package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/internal/backtest"
)

// Ranges that are far too narrow end the run with the status of what was asked
// for, and those that are right do not; the figures come last.
func TestBacktestConcludes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		within  int // of ten outcomes
		problem string
	}{
		{"right", 9, ""},
		{"far too narrow", 2, "the 90 % interval covers 20.0 %, want from 85 to 95 %"},
	} {
		j := &backtest.Judgement{}
		for n := range 10 {
			trial := backtest.Trial{Kind: "calm", Answered: true, Usual: 100, Quantiles: [5]int64{99, 100, 100, 100, 101}, Naive: [3]int64{90, 90, 90}, Outcome: 100}
			if n >= tt.within {
				trial.Outcome = 150
			}
			j.Trials = append(j.Trials, trial)
		}
		var out strings.Builder
		err := conclude(&out, j)
		var s *status
		switch {
		case tt.problem == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.problem != "" && (!errors.As(err, &s) || s.code != exitAsked || s.message != tt.problem):
			t.Errorf("%s: %v, want %s", tt.name, err, tt.problem)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		for n, begins := range []string{"90 % interval: covers", "50 % interval: covers", "pinball loss: "} {
			if line := lines[len(lines)-3+n]; !strings.HasPrefix(line, begins) {
				t.Errorf("%s: line %q, want %q", tt.name, line, begins)
			}
		}
	}
}
