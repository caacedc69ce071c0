package simulate

import "github.com/saidi-exporter/saidi/outage"

// natureWords are the words of 停电性质 that utilities write.
var natureWords = [...]string{
	outage.Unknown: "其他", outage.FaultInternal: "内部故障停电", outage.FaultExternal: "外部故障停电",
	outage.PlannedMaintenance: "计划检修停电", outage.PlannedConstruction: "计划施工停电", outage.PlannedCustomer: "用户申请停电", outage.PlannedTransfer: "调电",
	outage.ShortNoticeMaintenance: "临时检修停电", outage.ShortNoticeConstruction: "临时施工停电", outage.ShortNoticeCustomer: "用户临时申请停电",
	outage.CurtailGeneration: "系统电源不足限电", outage.CurtailNetwork: "供电网限电", outage.NotAnOutage: "重合闸成功",
}

// utilityEvents are the columns of a register of outages (停电事件明细).
func utilityEvents() layout[Record] {
	headers := []string{"停电事件id", "数据来源", "线路编码", "线路名称", "台区编号", "地市", "地区特征", "停电开始时间", "停电结束时间", "停电户数", "停电时户数", "停电性质", "责任原因", "技术原因", "停电阶段", "版本", "是否作废"}
	return layout[Record]{sheet{"青海省配电网停电事件明细表（模拟数据）", headers, []int{9, 10}}, func(cells []cell, r *Record) {
		for k, text := range [...]string{r.ID, r.Source, r.Feeder, r.FeederName, r.Unit, areaName(r.Area), classNames[outage.Class(r.Class)]} {
			cells[k] = textCell(text)
		}
		cells[7], cells[8], cells[9], cells[10] = momentCell(r.Start), r.endCell(), r.customersCell(), r.customerHoursCell()
		for k, text := range [...]string{natureWords[r.Nature], r.Cause, r.TechnicalCause, r.Stage} {
			cells[11+k] = textCell(text)
		}
		cells[15], cells[16] = r.revisionCell(), r.cancelledCell()
	}}
}

// areaName is the Chinese name of an area, and any other word as it is.
func areaName(area string) string { return placeOf(outage.Area(area)).name }

// customerHoursCell is 停电时户数, customers times hours, which nobody knows
// before the end or without a number of customers.
func (r *Record) customerHoursCell() cell {
	if r.End == outage.Open || r.CustomersText != "" {
		return cell{}
	}
	return cell{kind: hours, n: (r.Customers*(r.End-r.Start)*100 + hour/2) / hour}
}

// utilityCustomers are the columns of a register of customers.
func utilityCustomers() layout[outage.Customers] {
	headers := []string{"线路编码", "台区编号", "地市", "地区特征", "用户数", "生效日期", "失效日期", "用户口径"}
	return layout[outage.Customers]{sheet{"青海省中压用户台账（模拟数据）", headers, []int{4}}, func(cells []cell, c *outage.Customers) {
		for k, text := range [...]string{c.Feeder, c.Unit, areaName(string(c.Area)), classNames[c.Class]} {
			cells[k] = textCell(text)
		}
		cells[4], cells[5], cells[6], cells[7] = countCell(c.Customers), boundCell(c.ValidFrom), boundCell(c.ValidTo), textCell("中压")
	}}
}
