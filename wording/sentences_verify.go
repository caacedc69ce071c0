package wording

// verifySentences are those of the verification of a report, and of reports that
// are read back.
var verifySentences = map[string]phrase{
	"verify.cut":  {"…（共 %d 字，超出单元格，已截断）", "… (cut: the text has %d letters, more than a cell)"},
	"verify.cell": {"表 %s，第 %d 行第 %d 列（%s）", "table %s, row %d, column %d (%s)"},

	"verify.bytes":    {"每个数都对：与重算的报告逐字节相同（%d 个数、%d 段文字）", "every number holds: byte for byte the same as counted again (%d numbers, %d texts)"},
	"verify.holds":    {"每个数都对（%d 个数、%d 段文字）", "every number holds (%d numbers, %d texts)"},
	"verify.number":   {"第一个不符的数：%s 写的是 %s，重算为 %s；共 %d 处不同", "the first wrong number: %s says %s, counted is %s; %d places differ"},
	"verify.text":     {"数都对，第一处不符的文字：%s 写的是 %s，重算为 %s；共 %d 处不同", "the numbers hold, the first wrong text: %s says %s, counted is %s; %d places differ"},
	"verify.look":     {"数和文字都对，但样式或图形被改动，第一处：%s；共 %d 处不同", "numbers and texts hold, but how they look or what is drawn was changed, first: %s; %d places differ"},
	"verify.reworded": {"每个数都对（%d 个数）；文字或样式有 %d 处不同，第一处：%s，版本不同时可能如此", "every number holds (%d numbers); %d texts or looks differ, first: %s, as they may between versions"},
	"verify.nothing":  {"空", "nothing"},

	"verify.policy":  {"政策", "policy"},
	"verify.base":    {"用户基数", "base"},
	"verify.mapping": {"字段映射", "mapping"},
	"verify.ledger":  {"任务台账", "ledger"},
	"verify.changed": {"%s 已变：给出的是 %s；报告所用的 SHA-256 为 %s，现为 %s", "%s has changed: given is %s; SHA-256 in the report %s, now %s"},
	"verify.added":   {"报告未用%s，却给出了 %s", "the report was made without a %s, given is %s"},
	"verify.missing": {"缺少 %s（SHA-256 %s）", "missing: %s (SHA-256 %s)"},
	"verify.extra":   {"%s 不是报告所用的数据，未计入", "%s is none of what the report was made of, and does not count"},
	"verify.since":   {"此外库中又收到 %s", "the store was told more: %s"},
	"verify.program": {"报告由 %s 生成，本程序为 %s：仍逐数核对", "the report was made by %s, this is %s: the numbers are compared all the same"},
	"verify.tzdata":  {"报告所用的时区数据为 %q，此处为 %q", "the time zones of the report came from %q, here they come from %q"},
}
