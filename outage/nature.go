package outage

import (
	"fmt"
	"strings"
)

// A Nature is the 停电性质 of an interruption: why supply was cut, in the tree
// of DL/T 836 (fault or pre-arranged, and their parts).
type Nature uint8

// The natures, in the order in which they are listed.
const (
	Unknown                 Nature = iota // not stated, or a word that nobody recognised
	FaultInternal                         // 内部故障: the supplier's own network
	FaultExternal                         // 外部故障: customers' or others' doing
	PlannedMaintenance                    // 计划检修
	PlannedConstruction                   // 计划施工
	PlannedCustomer                       // 用户计划申请
	PlannedTransfer                       // 调电
	ShortNoticeMaintenance                // 临时检修
	ShortNoticeConstruction               // 临时施工
	ShortNoticeCustomer                   // 用户临时申请
	CurtailGeneration                     // 系统电源不足限电
	CurtailNetwork                        // 供电网限电
	NotAnOutage                           // a successful reclosing, a customer's own equipment
	natureCount
)

// NatureCount is the number of natures that are outages; they are the values
// below it.
const NatureCount = int(NotAnOutage)

var natureCodes = [natureCount]string{
	"unknown", "fault_internal", "fault_external",
	"planned_maintenance", "planned_construction", "planned_customer", "planned_transfer",
	"short_notice_maintenance", "short_notice_construction", "short_notice_customer",
	"curtail_generation", "curtail_network", "not_an_outage",
}

// String is the code of n as records, JSON and metrics write it.
func (n Nature) String() string {
	if n < natureCount {
		return natureCodes[n]
	}
	return fmt.Sprintf("nature(%d)", uint8(n))
}

// Fault says whether n is a fault (故障停电).
func (n Nature) Fault() bool { return n == FaultInternal || n == FaultExternal }

// PreArranged says whether n was arranged beforehand (预安排停电): planned work,
// short-notice work and curtailment.
func (n Nature) PreArranged() bool { return n >= PlannedMaintenance && n <= CurtailNetwork }

// natureWords are the words of Chinese and English exports beside the codes
// (domain notes on 停电性质; 01/02/03 are 计划/故障/其他). A word that names a
// branch of the tree stands for the branch's most usual leaf.
var natureWords = map[string]Nature{
	"未知": Unknown, "其他": Unknown, "其它": Unknown, "不明": Unknown, "03": Unknown, "3": Unknown, "other": Unknown,
	"故障": FaultInternal, "故障停电": FaultInternal, "内部故障": FaultInternal, "内部故障停电": FaultInternal,
	"事故": FaultInternal, "事故停电": FaultInternal, "02": FaultInternal, "2": FaultInternal,
	"fault": FaultInternal, "unplanned": FaultInternal, "forced": FaultInternal,
	"外部故障": FaultExternal, "外部故障停电": FaultExternal, "外力破坏": FaultExternal, "外部影响": FaultExternal, "外部影响停电": FaultExternal,
	"预安排": PlannedMaintenance, "预安排停电": PlannedMaintenance, "计划": PlannedMaintenance, "计划停电": PlannedMaintenance,
	"计划检修": PlannedMaintenance, "计划检修停电": PlannedMaintenance, "检修停电": PlannedMaintenance, "检修": PlannedMaintenance,
	"01": PlannedMaintenance, "1": PlannedMaintenance,
	"planned": PlannedMaintenance, "scheduled": PlannedMaintenance, "maintenance": PlannedMaintenance,
	"计划施工": PlannedConstruction, "计划施工停电": PlannedConstruction, "施工停电": PlannedConstruction, "施工": PlannedConstruction,
	"用户申请": PlannedCustomer, "用户计划申请": PlannedCustomer, "用户申请停电": PlannedCustomer, "用户计划申请停电": PlannedCustomer,
	"调电": PlannedTransfer, "调电停电": PlannedTransfer,
	"临时": ShortNoticeMaintenance, "临时停电": ShortNoticeMaintenance, "临时检修": ShortNoticeMaintenance, "临时检修停电": ShortNoticeMaintenance,
	"临时施工": ShortNoticeConstruction, "临时施工停电": ShortNoticeConstruction,
	"用户临时申请": ShortNoticeCustomer, "用户临时申请停电": ShortNoticeCustomer,
	"限电": CurtailNetwork, "限电停电": CurtailNetwork, "供电网限电": CurtailNetwork, "供电网限电停电": CurtailNetwork, "电网限电": CurtailNetwork,
	"系统电源不足限电": CurtailGeneration, "系统电源不足限电停电": CurtailGeneration, "电源不足限电": CurtailGeneration,
	"重合成功": NotAnOutage, "重合闸成功": NotAnOutage, "自动重合成功": NotAnOutage, "备自投成功": NotAnOutage, "用户自身设备故障": NotAnOutage,
	"reclosing": NotAnOutage, "successful reclosing": NotAnOutage,
}

// ParseNature recognises a code or one of the words that exports use, without
// regard to case and outer space. An empty text is Unknown and recognised.
func ParseNature(text string) (Nature, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return Unknown, true
	}
	if n, ok := natureWords[text]; ok {
		return n, true
	}
	for n, code := range natureCodes {
		if text == code {
			return Nature(n), true
		}
	}
	return Unknown, false
}
