package simulate

import "github.com/saidi-exporter/saidi/outage"

// The classes (地区特征) of the province.
const (
	urbanCore outage.Class = "urban-core"
	urban     outage.Class = "urban"
	town      outage.Class = "town"
	rural     outage.Class = "rural"
)

// A stratum is one class of one area.
type stratum struct {
	area      outage.Area
	class     outage.Class
	code      string // the beginning of its feeders' ids
	feeders   int    // at scale 1
	customers int    // of a usual feeder
	hours     int64  // thousandths of an hour without supply of an average customer in the year before the last
	change    int64  // the last year in thousandths of the year before
}

// strata are the levels of a typical province. Those of Xining and Haidong lie
// about where a reduction by 8 % just meets the caps of 青发改能源〔2021〕101号
// 二(四), which are 2.73, 3.48, 9.32 and 11 h, and 5.21, 9.8, 11.57 and 22.57 h;
// those of the six prefectures lie around the caps of 16.87 and 29.93 h of the
// six as a whole. The changes are chosen so that some strata meet both, some
// one and some none.
var strata = [...]stratum{
	{"xining", urbanCore, "XNUC", 44, 40, 2970, 860},
	{"xining", urban, "XNUR", 90, 42, 3780, 970},
	{"xining", town, "XNTN", 64, 48, 10130, 840},
	{"xining", rural, "XNRU", 84, 60, 11960, 880},
	{"haidong", urbanCore, "HDUC", 16, 40, 5660, 880},
	{"haidong", urban, "HDUR", 30, 42, 10650, 840},
	{"haidong", town, "HDTN", 44, 48, 12580, 1060},
	{"haidong", rural, "HDRU", 84, 60, 24530, 860},
	{"haixi", urban, "HXUR", 24, 42, 7000, 860},
	{"haixi", town, "HXTN", 24, 48, 14200, 880},
	{"haixi", rural, "HXRU", 32, 60, 29000, 950},
	{"huangnan", town, "HUTN", 12, 48, 19000, 860},
	{"huangnan", rural, "HURU", 22, 60, 33000, 970},
	{"hainan", town, "HNTN", 18, 48, 18000, 840},
	{"hainan", rural, "HNRU", 32, 60, 33000, 1020},
	{"haibei", town, "HBTN", 14, 48, 17500, 870},
	{"haibei", rural, "HBRU", 24, 60, 30000, 860},
	{"golog", town, "GLTN", 10, 48, 22000, 880},
	{"golog", rural, "GLRU", 14, 60, 42000, 980},
	{"yushu", town, "YSTN", 11, 48, 22000, 1050},
	{"yushu", rural, "YSRU", 20, 60, 42000, 870},
}

// none is the number of a stratum that there is not.
const none = -1

// yearly is by how much the years before the year before the last were worse
// than the next, in thousandths.
const yearly = 1040

// level is how many thousandths of an hour an average customer of s is without
// supply in a year; of a province that is not calibrated, about, and before the
// year's effect.
func (o Options) level(s, year int) int64 {
	hours := strata[s].hours
	if o.Kind != Calibrated {
		return hours
	}
	if year == o.Last {
		return hours * strata[s].change / 1000
	}
	for range o.Last - 1 - year {
		hours = hours * yearly / 1000
	}
	return hours
}

// stratumOf finds the stratum of an area and class.
func stratumOf(area outage.Area, class outage.Class) int {
	for s := range strata {
		if strata[s].area == area && strata[s].class == class {
			return s
		}
	}
	return none
}

// neighbour is the stratum with which feeders of a stratum are mixed: the centre
// with the city around it, a town with the country.
func neighbour(s int) int {
	area := strata[s].area
	switch strata[s].class {
	case urbanCore:
		return stratumOf(area, urban)
	case town:
		return stratumOf(area, rural)
	case rural:
		return stratumOf(area, town)
	}
	return stratumOf(area, urbanCore)
}

// silent says whether an area does not deliver in a year: Golog joined the
// calibrated province with the last one.
func (o Options) silent(area outage.Area, year int) bool {
	return o.Kind == Calibrated && area == late && year < o.Last
}

// late is the area whose feed began with the last year.
const late outage.Area = "golog"
