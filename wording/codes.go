package wording

// A Kind is a closed list of codes.
type Kind string

// The kinds.
const (
	Verdict   Kind = "verdict"
	Reason    Kind = "reason"    // of a verdict
	Strength  Kind = "strength"  // of a target
	State     Kind = "state"     // of a measure
	Nature    Kind = "nature"    // 停电性质
	Rejection Kind = "rejection" // why a row was rejected
	Advice    Kind = "advice"    // what to do about it
	Flag      Kind = "flag"      // what is odd about a row that counts
	Note      Kind = "note"      // what is odd about a file or an argument

	PlanReason  Kind = "plan-reason"  // why a plan does not fit
	PlanWarning Kind = "plan-warning" // what else should be known of it
	PlanProblem Kind = "plan-problem" // why a proposed row does not count
	PlanAdvice  Kind = "plan-advice"  // what to do about it
)

var codes = map[Kind]map[string]phrase{
	Verdict: {
		"met":         {"达标", "met"},
		"missed":      {"未达标", "missed"},
		"on-track":    {"进度正常", "on track"},
		"at-risk":     {"有风险", "at risk"},
		"off-track":   {"偏离目标", "off track"},
		"cannot-tell": {"无法判定", "cannot tell"},
	},
	Reason: {
		"no-data":                  {"没有数据：没有在册用户，或既无停电记录也无覆盖声明", "no data: no customers, or neither an accepted row nor a declared period"},
		"member-without-data":      {"成员地区没有数据", "a member has no data"},
		"no-base-year":             {"没有基准年数据", "no data of the base year"},
		"base-member-without-data": {"成员地区没有基准年数据", "a member has no data of the base year"},
		"zero-base":                {"基准年为零", "the base year is zero"},
		"index-unavailable":        {"该时段没有考核指标", "the index does not exist in this window"},
		"within-limit":             {"在限值以内", "within the limit"},
		"over-limit":               {"超过限值", "above the limit"},
		"limit-passed":             {"已超过限值", "the limit is passed already"},
		"pace-within":              {"未超过应有进度", "within the expected pace"},
		"pace-above":               {"超过应有进度", "above the expected pace"},
		"pace-far-above":           {"远超应有进度", "far above the expected pace"},
		"miss-unlikely":            {"预计可以达标", "likely to be met"},
		"miss-possible":            {"有可能超限", "may be missed"},
		"miss-likely":              {"预计超限", "likely to be missed"},
		"share-of-history":         {"进度按历年平均", "expected as in the years before"},
		"share-of-last-year":       {"进度按上年同期", "expected as last year"},
		"share-of-time":            {"进度按时间比例", "expected in proportion to time"},
		"outages-still-open":       {"有停电尚未恢复", "outages are still open"},
		"not-settled":              {"数据尚可更正", "data may still be corrected"},
		"stale-open-outages":       {"有停电长期未填恢复时间", "outages open for so long that the end is probably missing"},
		"coverage-gap":             {"数据覆盖不足", "gaps in the data"},
		"coverage-unknown":         {"数据覆盖未声明", "coverage not declared"},
		"too-many-uncounted":       {"未计入的记录过多", "too many rows not counted"},
		"base-coverage-gap":        {"基准年数据覆盖不足", "gaps in the base year's data"},
		"base-coverage-unknown":    {"基准年数据覆盖未声明", "coverage of the base year not declared"},
		"base-too-many-uncounted":  {"基准年未计入的记录过多", "too many rows of the base year not counted"},
		"published-base":           {"基准为公布值", "the base is a published value"},
		"storm-base":               {"基准年含重大事件日", "major event days swelled the base year"},
		"zero-value":               {"数值为零，请核实", "the value is zero: to be verified"},
		"impossible-value":         {"数值超过时段长度", "the value is longer than the window"},
		"impossible-base":          {"基准值超过一年", "the base is longer than its year"},
	},
	Strength: {
		"duty":        {"约束性", "duty"},
		"aspiration":  {"力争", "aspiration"},
		"informative": {"参考", "informative"},
	},
	State: {
		"planned":   {"未开始", "planned"},
		"under-way": {"进行中", "under way"},
		"done":      {"已完成", "done"},
		"dropped":   {"已取消", "dropped"},
	},
	Nature: {
		"unknown":                   {"性质不明", "unknown"},
		"fault_internal":            {"内部故障", "internal fault"},
		"fault_external":            {"外部故障", "external fault"},
		"planned_maintenance":       {"计划检修", "planned maintenance"},
		"planned_construction":      {"计划施工", "planned construction"},
		"planned_customer":          {"用户申请", "planned, customer's request"},
		"planned_transfer":          {"调电", "planned transfer"},
		"short_notice_maintenance":  {"临时检修", "short-notice maintenance"},
		"short_notice_construction": {"临时施工", "short-notice construction"},
		"short_notice_customer":     {"用户临时申请", "short notice, customer's request"},
		"curtail_generation":        {"系统电源不足限电", "curtailment, generation"},
		"curtail_network":           {"供电网限电", "curtailment, network"},
		"not_an_outage":             {"不计停电", "no outage"},
	},
	Rejection: {
		"missing-value":     {"必填项为空", "a required field is empty"},
		"bad-time":          {"时间无法识别", "not a date and time"},
		"implausible-year":  {"年份不可信", "implausible year"},
		"after-received":    {"开始时间晚于接收时间", "starts after it was received"},
		"end-before-start":  {"结束早于开始", "end before start"},
		"bad-customers":     {"户数有误", "bad number of customers"},
		"bad-number":        {"数字有误", "bad number"},
		"missing-customers": {"缺停电户数", "customers missing"},
		"bad-steps":         {"分步送电次序有误", "steps out of order"},
		"steps-exceed":      {"送电户数多于停电户数", "steps restore more than went out"},
		"unknown-place":     {"线路和地区均不在册", "neither feeder nor area is in the base"},
		"repeated-key":      {"同一记录重复且内容不同", "several different rows with one key"},
		"malformed-row":     {"行格式损坏", "the row cannot be taken apart"},
		"bad-yes-no":        {"是否标志有误", "neither yes nor no"},
		"unknown-zone":      {"时区无法识别", "no known time zone"},
	},
	Advice: { // the English is that of outage.Reason
		"missing-value":     {zh: "补填该项，或在映射中改用其他列"},
		"bad-time":          {zh: "写成 2006-01-02 15:04:05，或在映射中给出该列的格式"},
		"implausible-year":  {zh: "更正年份，或在映射中放宽 plausible_years"},
		"after-received":    {zh: "更正日期，或校准发送方时钟"},
		"end-before-start":  {zh: "对调或更正起止时间；尚未恢复的请留空"},
		"bad-customers":     {zh: "填写 0 至 1000000000 的整数"},
		"bad-number":        {zh: "填写普通小数，或留空"},
		"missing-customers": {zh: "补填停电户数或在册的用户编号；也可在映射中设 missing_customers: whole_feeder"},
		"bad-steps":         {zh: "各步按时间先后，且在起止时间之内，户数不为负"},
		"steps-exceed":      {zh: "各步送电户数之和不得多于停电户数"},
		"unknown-place":     {zh: "把线路或地区补入用户基数，或更正名称"},
		"repeated-key":      {zh: "给各行编阶段号，或在映射中设 repeated: stages、latest 或 remaining"},
		"malformed-row":     {zh: "修正该行的引号、括号或列数"},
		"bad-yes-no":        {zh: "写 true 或 false"},
		"unknown-zone":      {zh: "把该词补入映射的 zone 值表"},
	},
	Flag: {
		"longer-than-60-days":      {"停电超过60天", "longer than 60 days"},
		"ends-at-23:59:59":         {"结束于23:59:59", "ends at 23:59:59"},
		"unknown-area":             {"地区不认识", "unknown area"},
		"unknown-class":            {"地区特征不认识", "unknown class"},
		"unknown-nature":           {"停电性质不认识", "unknown nature"},
		"derived-value-differs":    {"时户数或时长与起止时间不符", "customer-hours or duration differ from the interval"},
		"skipped-clock-time":       {"时间落在时钟拨快的空档", "a local time that a clock change left out"},
		"more-customers-than-base": {"停电户数多于在册户数", "more customers than the base has"},
		"contradicts-base":         {"地区或特征与用户基数不符", "contradicts the base"},
		"unknown-feeder":           {"线路不在册", "feeder not in the base"},
		"unknown-unit":             {"用户不在册", "unit not in the base"},
		"nobody-in-service":        {"停电时无在册用户", "nobody in service at the start"},
		"stale-open-outage":        {"长期未填恢复时间", "open for too long"},
		"beyond-the-year":          {"延续到年末以后", "goes on after the year"},
		"perhaps-told":             {"可能已按其他编号报过", "perhaps told already under another id"},
		"open-outage-there":        {"同一线路有停电尚未恢复", "an outage on the feeder is still open"},
	},
	PlanReason: {
		"over-budget":       {"超出剩余时户数预算", "more than is left of the budget"},
		"over-pre-arranged": {"超出预安排停电的剩余预算", "more than is left of the pre-arranged part of the budget"},
		"spent-already":     {"已用与已安排合计已超预算", "used and scheduled are over the budget already"},
		"no-budget":         {"没有预算，无法核对", "no budget to hold it against"},
		"nothing-decides":   {"没有起约束作用的目标可供核对", "no target that decides is there to hold it against"},
		"repeat-rule":       {"造成频繁停电", "customers would be out too often"},
		"rows-rejected":     {"有未采用的计划", "rows were rejected"},
		"nothing-accepted":  {"没有采用任何计划", "no row counts"},
	},
	PlanWarning: {
		"miss-likely":             {"目标很可能超限", "targets will probably be missed"},
		"miss-raised":             {"目标的超限概率上升 5 个百分点以上", "the probability of missing targets rises by 5 points or more"},
		"over-pre-arranged-usual": {"超出历史预期的预安排部分", "more pre-arranged outages than history expects"},
		"no-budget":               {"有目标无预算可核对", "targets have no budget to hold it against"},
		"repeats-untold":          {"频繁停电无法核对（用户基数没有用户编号）", "repeat rules cannot be checked without units in the base"},
		"perhaps-told":            {"有的行可能已按其他编号报过", "rows have perhaps been told already under other ids"},
	},
	PlanProblem: {
		"in-the-past":      {"开始时间早于统计截止时刻", "begins before as-of"},
		"no-end":           {"没有结束时间", "without an end"},
		"longer-than-year": {"时长超过一年", "longer than the year"},
		"after-the-year":   {"在本年之后开始，未核对", "begins after the year, not checked"},
		"unknown-feeder":   {"线路不在册", "the feeder is not in the base"},
		"unknown-unit":     {"用户不在册", "the unit is not in the base"},
		"overlaps-plan":    {"与另一项计划重叠", "overlaps another proposed row"},
		"overlaps-open":    {"与尚未恢复的停电重叠", "overlaps an outage that is still open"},
		"not-pre-arranged": {"不是预安排停电", "not a pre-arranged outage"},
		"told-already":     {"该停电已经报过", "told already"},
	},
	PlanAdvice: { // the English is in the problem
		"in-the-past":      {zh: "只提出统计截止时刻以后开始的停电；已经开始的作为停电记录报送"},
		"no-end":           {zh: "填写计划恢复时间"},
		"longer-than-year": {zh: "更正起止时间"},
		"after-the-year":   {zh: "到下一年再核对"},
		"unknown-feeder":   {zh: "更正线路编码，或把线路补入用户基数"},
		"unknown-unit":     {zh: "更正用户编号，或把用户补入用户基数"},
		"overlaps-plan":    {zh: "删去其中一项，或错开时间"},
		"overlaps-open":    {zh: "先报送该停电的恢复时间，或错开时间"},
		"not-pre-arranged": {zh: "改为预安排的性质，如计划检修，或留空"},
		"told-already":     {zh: "从计划中删去：已计入已安排部分；或撤回原投递后重新提出"},
	},
	Note: { // the English is in the note
		"two-columns":          {zh: "%q 列与 %q 列都像 %s：取前者"},
		"no-end":               {zh: "没有表示恢复时间的列，各行都按尚未恢复计：请在映射中指明，例如 columns: {end: 列名}"},
		"columns-not-read":     {zh: "未读取的列（列名不认识）：%s"},
		"no-rows":              {zh: "只有表头，没有数据行"},
		"no-header":            {zh: "未找到表头，此表略去"},
		"no-objects":           {zh: "没有数据对象"},
		"no-key":               {zh: "没有对象含映射所指的键 %q"},
		"hidden-sheet":         {zh: "表 %q 是隐藏的，略去"},
		"name":                 {zh: "文件名 %s 与内容不符，内容是 %s"},
		"format":               {zh: "映射写的是 format: %s，内容却是 %s"},
		"not-counted":          {zh: "第 %d 号投递无法计入：%s"},
		"empty-base":           {zh: "用户基数没有数据行"},
		"base-repeats":         {zh: "用户基数中 %d 行与其他行完全相同，只计一次"},
		"future":               {zh: "截止时间晚于现在：尚未恢复的停电按持续到那时计"},
		"nothing-accepted":     {zh: "没有采用任何记录；截止时间取今日零时"},
		"window-cut":           {zh: "时段晚于截止时间的部分截去，止于 %s"},
		"no-base":              {zh: "没有给用户基数：线路、用户编号和户数未作核对"},
		"plan-nothing-decides": {zh: "%d 年没有起约束作用的目标：只核对频繁停电规则"},
		"no-events":            {zh: "没有给停电记录：除本计划外，对本年一无所知"},
		"nothing":              {zh: "没有可显示的内容：所问时段结束之前没有采用的记录"},
	},
}

// Sign tells a verdict apart where colours do not; empty for none. None of the
// signs is of ambiguous width (Unicode Standard Annex #11).
func Sign(verdict string) string { return signs[verdict] }

var signs = map[string]string{
	"met": "✓", "missed": "✗", "on-track": "+", "at-risk": "~", "off-track": "-", "cannot-tell": "?",
}
