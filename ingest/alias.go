package ingest

import (
	"slices"
	"strings"
)

// aliases are the header words of exports beside the canonical names, folded as
// headerKey folds them, the ones that say most first. The Chinese words are
// those of the domain notes and their near relatives.
var aliases = [fieldCount][]string{
	fieldEventID:         {"停电记录id", "事件id", "停电事件id", "停电工单号", "工单号", "停电编号", "事件编号", "停电事件编号", "停电记录编号", "工单编号", "停电id", "outageid", "incidentid", "eventnumber", "incidentnumber", "outagenumber", "ordernumber", "ticketnumber"},
	fieldSource:          {"数据来源", "来源系统"},
	fieldFeeder:          {"馈线编码", "所属馈线编码", "线路编码", "线路编号", "馈线编号", "线路gisid", "所属线路编码", "馈线id", "线路id", "feedercode", "feedernumber", "circuitid", "feeder", "circuit"},
	fieldFeederName:      {"线路名称", "馈线名称", "所属线路名称", "所属馈线名称", "所属线路", "所属馈线", "feedername", "circuitname"},
	fieldUnit:            {"用户编码", "用户编号", "台区编号", "台区编码", "配变编码", "变压器编码", "customerid", "transformerid", "unit"},
	fieldArea:            {"所属地市", "地市", "地市名称", "地区", "所属地区", "市州", "州市", "所属市州", "单位名称", "供电单位", "所属区局", "所属单位", "areaname", "region", "prefecture", "city"},
	fieldClass:           {"地区特征", "区域特征", "地区特征名称", "用户地区特征", "areaclass"},
	fieldStart:           {"停电开始时间", "停电起始时间", "开始停电时间", "起始时间", "开始时间", "停电时间", "starttime", "outagestarttime", "outagestart", "startdatetime", "startdate", "begintime", "timeoff"},
	fieldEnd:             {"停电结束时间", "停电终止时间", "终止时间", "结束时间", "复电时间", "送电时间", "恢复供电时间", "恢复送电时间", "来电时间", "恢复时间", "停电恢复时间", "截止时间", "停电截止时间", "endtime", "outageendtime", "outageend", "enddatetime", "enddate", "restorationtime", "restoretime", "restoredtime", "restored", "timeon", "finish", "finishtime"},
	fieldCustomers:       {"停电户数", "影响户数", "停电用户数", "影响用户数", "停电总户数", "customersaffected", "customersinterrupted", "customersout", "affectedcustomers", "numcustomers", "numberofcustomers"},
	fieldNature:          {"停电性质", "停电类型", "停电分类", "停电类别", "outagetype", "interruptiontype"},
	fieldCause:           {"责任原因", "停电原因", "outagecause", "causecode", "causecategory"},
	fieldTechnicalCause:  {"技术原因"},
	fieldStage:           {"停电阶段", "送电阶段", "阶段"},
	fieldSteps:           {"restorationsteps"},
	fieldRevision:        {"版本号", "版本", "version"},
	fieldCancelled:       {"是否作废", "是否取消", "作废标志", "作废", "canceled"},
	fieldCapacity:        {"停电容量", "影响容量", "配变容量", "容量", "capacity"},
	fieldServed:          {"等效总用户数", "等效用户数", "总用户数", "用户数", "totalcustomers"},
	fieldCustomerHours:   {"停电时户数", "时户数", "customerhoursinterrupted"},
	fieldCustomerMinutes: {"customerminutesinterrupted", "停电分户数"},
	fieldDurationMinutes: {"停电时长分钟", "停电持续时间分钟", "持续时间分钟", "durationmin", "durationmins", "outagedurationminutes", "outagedurationmin"},
	fieldValidFrom:       {"生效日期", "生效时间", "投运日期", "effectivefrom"},
	fieldValidTo:         {"失效日期", "失效时间", "退运日期", "effectiveto"},
	fieldKind:            {"用户口径", "统计口径", "kind"},
}

// plannedWords are what the header of a proposed outage may begin with.
var plannedWords = []string{"计划", "预计", "planned", "scheduled"}

// looseRank is the priority of a header that only looks like a start or an end;
// servedRank that of customers served, which are the customers of a base.
const (
	servedRank = 1000
	looseRank  = 2000
	allRanks   = 4000 // above every rank
)

// recognise finds the field that a header names in rows of kind k; a lower rank
// says more. Of outages that are proposed, what is planned goes before what is not.
func recognise(header string, k kind) (f field, rank int, ok bool) {
	key, unit := headerKey(header)
	if key == "" {
		return noField, 0, false
	}
	if k == plannedRows {
		for _, word := range plannedWords {
			if rest, ok := strings.CutPrefix(key, word); ok {
				f, rank, ok := recogniseKey(rest, unit, k)
				return f, rank - allRanks, ok
			}
		}
	}
	return recogniseKey(key, unit, k)
}

func recogniseKey(key, unit string, k kind) (f field, rank int, ok bool) {
	if f, ok := durationHeader(key, unit); ok {
		return f, 0, f != noField && k.has(f)
	}
	for f := range fieldCount {
		rank := rankOf(f, key)
		if rank < 0 || f == fieldCapacity && !isKVA(unit) {
			continue
		}
		if k == baseRows && f == fieldServed {
			return fieldCustomers, servedRank + rank, true
		}
		return f, rank, k.has(f)
	}
	if f, ok := looseTime(key); ok && k.has(f) {
		return f, looseRank, true
	}
	return noField, 0, false
}

// rankOf is 0 for the canonical name, the place among the aliases after it, and
// -1 for any other word.
func rankOf(f field, key string) int {
	if key == strings.ReplaceAll(f.String(), "_", "") {
		return 0
	}
	if i := slices.Index(aliases[f], key); i >= 0 {
		return i + 1
	}
	return -1
}

// durationHeader recognises lengths of time by their unit, among them 停电时间
// with a unit, which would be a start without one. Lengths in hours are
// recognised so as not to be taken for anything else, and not used.
func durationHeader(key, unit string) (field, bool) {
	switch key {
	case "停电时长", "停电持续时间", "持续时间", "停电时间", "duration", "outageduration":
	default:
		return noField, false
	}
	switch unit {
	case "分钟", "分", "min", "mins", "minute", "minutes":
		return fieldDurationMinutes, true
	case "小时", "时", "h", "hour", "hours", "天", "日", "秒", "s":
		return noField, true
	}
	return noField, false
}

func isKVA(unit string) bool { return unit == "" || unit == "kva" || unit == "千伏安" }

// looseTime recognises the start and end of an outage in words not listed, but
// not those of a plan, an application or an entry.
func looseTime(key string) (field, bool) {
	if !containsAny(key, "时间", "日期", "时刻") || containsAny(key, "计划", "预计", "申请", "审批", "填报", "录入", "工作", "派单", "有效") {
		return noField, false
	}
	switch {
	case containsAny(key, "起始", "开始"):
		return fieldStart, true
	case containsAny(key, "终止", "结束", "复电", "送电"):
		return fieldEnd, true
	}
	return noField, false
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
