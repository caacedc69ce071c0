package simulate

import (
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// A cause is who answers for an outage (责任原因) and what broke (技术原因).
type cause struct{ responsible, technical string }

var (
	ofNetwork = [...]cause{
		{"设备老化", "绝缘子击穿"}, {"设备老化", "电缆头故障"}, {"产品质量", "开关本体故障"}, {"施工质量", "导线接头发热"},
		{"运行维护", "避雷器故障"}, {"运行维护", "跌落式熔断器故障"}, {"运行维护", "配变故障"},
	}
	ofOthers = [...]cause{
		{"动物因素", "鸟害"}, {"动物因素", "小动物短路"}, {"异物短路", "树障"}, {"异物短路", "漂浮物"}, {"交通车辆破坏", "撞断电杆"},
		{"违规施工", "挖断电缆"}, {"违规施工", "吊车碰线"}, {"盗窃", "导线被盗"}, {"用户影响", "用户设备故障出门"},
	}
	ofThunder = cause{"自然因素", "雷击"}
	ofWind    = cause{"自然因素", "大风断线"}
	ofIce     = cause{"自然因素", "导线覆冰"}
	ofMystery = cause{"原因不明", ""}

	ofReclosing = cause{"瞬时故障", "重合闸成功"}
	ofMoment    = cause{"瞬时故障", "线路瞬时接地"}
)

// weather is what the sky does to lines in a month.
func (d *draws) weather(m month) cause {
	switch name := m.name(); {
	case name >= time.May && name <= time.September:
		return ofThunder
	case name == time.December || name <= time.February:
		if d.chance(500) {
			return ofIce
		}
	}
	return ofWind
}

// blame draws the nature and cause of a fault.
func (d *draws) blame(m month) (outage.Nature, cause) {
	switch d.pick(34, 38, 26, 2) {
	case 0:
		return outage.FaultInternal, d.weather(m)
	case 1:
		return outage.FaultInternal, ofNetwork[d.below(len(ofNetwork))]
	case 2:
		return outage.FaultExternal, ofOthers[d.below(len(ofOthers))]
	}
	return outage.Unknown, ofMystery
}

// A job is a kind of arranged outage, and how often it is among a hundred.
type job struct {
	nature outage.Nature
	share  int
	cause  cause
}

var (
	planned = [...]job{
		{outage.PlannedMaintenance, 52, cause{"计划检修", "线路检修"}},
		{outage.PlannedConstruction, 30, cause{"计划施工", "农网改造升级"}},
		{outage.PlannedCustomer, 10, cause{"用户申请", "用户设备检修"}},
		{outage.PlannedTransfer, 8, cause{"运行方式", "调电"}},
	}
	shortNotice = [...]job{
		{outage.ShortNoticeMaintenance, 62, cause{"临时检修", "消缺"}},
		{outage.ShortNoticeConstruction, 26, cause{"临时施工", "迁改"}},
		{outage.ShortNoticeCustomer, 12, cause{"用户临时申请", "用户接火"}},
	}
	curtailment = [...]job{
		{outage.CurtailGeneration, 70, cause{"系统电源不足", "错峰限电"}},
		{outage.CurtailNetwork, 30, cause{"供电网限电", "主变过载"}},
	}
)

// assign draws one of the jobs.
func (d *draws) assign(jobs []job) *job {
	left := d.below(100)
	for j := range jobs {
		if left -= jobs[j].share; left < 0 {
			return &jobs[j]
		}
	}
	return &jobs[len(jobs)-1]
}
