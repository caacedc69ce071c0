package reliability

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// MajorEventThreshold is T_MED of IEEE Std 1366 (the 2.5 beta method) from the
// daily SAIDI of the years before: days without interruption are left out, α
// and β are the mean and the sample standard deviation of the natural logarithm
// of the rest, and T_MED = exp(α + 2.5 β), in the unit of the daily values.
// There is none with fewer than two days.
func MajorEventThreshold(dailySAIDI []float64) (tmed float64, ok bool) {
	logs := make([]float64, 0, len(dailySAIDI))
	for _, v := range dailySAIDI {
		if v > 0 {
			logs = append(logs, math.Log(v))
		}
	}
	if len(logs) < 2 {
		return 0, false
	}
	alpha, beta := stat.MeanStdDev(logs, nil)
	return math.Exp(alpha + 2.5*beta), true
}
