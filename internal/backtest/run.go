package backtest

import (
	"errors"
	"runtime"
	"slices"
	"sync"
)

// Progress is told how many of how many parts of the work are done; nil is told
// nothing.
type Progress func(done, of int)

// Run makes the trials of made-up provinces, in their order, with the ranges of thumb
// that they teach one another.
func Run(all []Province, f Forecaster, progress Progress) ([]Trial, error) {
	trials, errs := make([][]Trial, len(all)), make([]error, len(all))
	abreast(len(all), progress, func(n int) {
		var s *Series
		if s, errs[n] = all[n].Make(); errs[n] != nil {
			return
		}
		for _, y := range s.Years[s.First:] {
			trials[n] = append(trials[n], s.try(n, y, f)...)
		}
	})
	made := slices.Concat(trials...)
	addRanges(made)
	return made, errors.Join(errs...)
}

// RunSeries makes the trials of one series, in the order of its years. There is no
// other to learn a range of thumb from.
func RunSeries(s *Series, f Forecaster, progress Progress) []Trial {
	years := s.Years[s.First:]
	trials := make([][]Trial, len(years))
	abreast(len(years), progress, func(n int) { trials[n] = s.try(0, years[n], f) })
	return slices.Concat(trials...)
}

// abreast does so many things on all processors.
func abreast(n int, progress Progress, do func(int)) {
	var wg sync.WaitGroup
	var telling sync.Mutex
	next, done := make(chan int), 0
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for k := range next {
				do(k)
				telling.Lock()
				if done++; progress != nil {
					progress(done, n)
				}
				telling.Unlock()
			}
		})
	}
	for k := range n {
		next <- k
	}
	close(next)
	wg.Wait()
}
