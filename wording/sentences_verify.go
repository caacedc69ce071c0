package wording

// verifySentences are those of the verification of a report, and of reports that
// are read back.
var verifySentences = map[string]phrase{
	"verify.cut":   {"…（共 %d 字，超出单元格，已截断）", "… (cut: the text has %d letters, more than a cell)"},
	"verify.table": {"表 %s", "table %s"},
	"verify.sheet": {"工作表 %s", "sheet %s"},
	"verify.order": {"工作表的次序", "the order of the sheets"},
	"verify.cell":  {"表 %s，第 %d 行第 %d 列（%s）", "table %s, row %d, column %d (%s)"},

	"verify.bytes":    {"每个数都对：与重算的报告逐字节相同（%d 个数、%d 段文字）", "every number holds: byte for byte the same as counted again (%d numbers, %d texts)"},
	"verify.holds":    {"每个数都对（%d 个数、%d 段文字）", "every number holds (%d numbers, %d texts)"},
	"verify.number":   {"第一个不符的数：%s 写的是 %s，重算为 %s；共 %d 处不同", "the first wrong number: %s says %s, counted is %s; %d places differ"},
	"verify.retyped":  {"第一个不符之处：%s 写的是 %s，内容与重算的相同，但一为数、一为文字；共 %d 处不同", "the first wrong place: %s says %s as is counted, but the one is a number and the other a text; %d places differ"},
	"verify.length":   {"%s 有 %s 行，重算为 %s 行；共 %d 处不同", "%s has %s rows, counted are %s; %d places differ"},
	"verify.lacking":  {"缺少%s（重算有 %s 行）；共 %d 处不同", "%s is not there (counted are %s rows); %d places differ"},
	"verify.surplus":  {"多出%s（%s 行）；共 %d 处不同", "%s is none of the report's (it has %s rows); %d places differ"},
	"verify.text":     {"数都对，第一处不符的文字：%s 写的是 %s，重算为 %s；共 %d 处不同", "the numbers hold, the first wrong text: %s says %s, counted is %s; %d places differ"},
	"verify.look":     {"数和文字都对，但样式或图形被改动，第一处：%s；共 %d 处不同", "numbers and texts hold, but how they look or what is drawn was changed, first: %s; %d places differ"},
	"verify.restyled": {"每个数都对（%d 个数、%d 段文字）；样式有 %d 处不同，第一处：%s，版本不同时可能如此，样式未作保证", "every number holds (%d numbers, %d texts); styles differ at %d places, first: %s, as they may between versions: they are not vouched for"},
	"verify.resaved":  {"工作簿经 %s 另存：未核对样式（字体、颜色、页眉页脚、打印区域、名称），只核对单元格及有无隐藏", "saved again by %s: looks were not compared (fonts, colours, headers and footers, print areas, names), only cells and what hides them"},
	"verify.nothing":  {"空", "nothing"},

	"verify.policy":  {"政策", "policy"},
	"verify.base":    {"用户基数", "base"},
	"verify.mapping": {"字段映射", "mapping"},
	"verify.ledger":  {"任务台账", "ledger"},
	"verify.changed": {"%s 已变：给出的是 %s；报告所用的 SHA-256 为 %s，现为 %s", "%s has changed: given is %s; SHA-256 in the report %s, now %s"},
	"verify.added":   {"报告未用%s，却给出了 %s", "the report was made without a %s, given is %s"},
	"verify.missing": {"缺少 %s（SHA-256 %s）：请一并给出该文件", "missing: %s (SHA-256 %s): give the file that has this digest"},
	"verify.extra":   {"%s 不是报告所用的数据，未计入", "%s is none of what the report was made of, and does not count"},
	"verify.twice":   {"%s 重复给出，只计一次", "%s is given twice, and counts once"},
	"verify.since":   {"此外库中又收到 %s", "the store was told more: %s"},
	"verify.covers":  {"报告所用的 --covers 为 %s，给出的是 %s", "the report was made with --covers %s, given is %s"},
	"verify.program": {"报告由 %s 生成，本程序为 %s：仍逐数逐字核对；版本不同时措辞可能不同", "the report was made by %s, this is %s: numbers and texts are compared all the same; between versions words may differ"},
	"verify.tzdata":  {"报告所用的时区数据为 %q，此处为 %q", "the time zones of the report came from %q, here they come from %q"},
}
