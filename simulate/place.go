package simulate

import "github.com/saidi-exporter/saidi/outage"

// A place is what an area calls its things. The counties and towns are real,
// what is said to happen there is not.
type place struct {
	area     outage.Area
	name     string
	counties []string
	towns    []string
}

var places = [...]place{
	{"xining", "西宁市", []string{"城中", "城东", "城西", "城北", "湟中", "湟源", "大通"}, []string{"多巴", "鲁沙尔", "上新庄", "西堡", "桥头", "长宁", "黄家寨", "城关", "大华", "韵家口"}},
	{"haidong", "海东市", []string{"乐都", "平安", "民和", "互助", "化隆", "循化"}, []string{"碾伯", "高庙", "川口", "官亭", "威远", "丹麻", "巴燕", "群科", "积石", "白庄"}},
	{"haixi", "海西州", []string{"格尔木", "德令哈", "茫崖", "乌兰", "都兰", "天峻"}, []string{"郭勒木德", "尕海", "柯鲁柯", "花土沟", "希里沟", "茶卡", "察汉乌苏", "香日德", "新源", "大柴旦"}},
	{"huangnan", "黄南州", []string{"同仁", "尖扎", "泽库", "河南"}, []string{"隆务", "保安", "马克唐", "康杨", "坎布拉", "泽曲", "麦秀", "优干宁"}},
	{"hainan", "海南州", []string{"共和", "同德", "贵德", "兴海", "贵南"}, []string{"恰卜恰", "倒淌河", "龙羊峡", "尕巴松多", "河阴", "河西", "子科滩", "茫曲", "过马营"}},
	{"haibei", "海北州", []string{"海晏", "祁连", "刚察", "门源"}, []string{"三角城", "西海", "八宝", "峨堡", "沙柳河", "哈尔盖", "浩门", "青石嘴"}},
	{"golog", "果洛州", []string{"玛沁", "班玛", "甘德", "达日", "久治", "玛多"}, []string{"大武", "拉加", "赛来塘", "柯曲", "吉迈", "智青松多", "玛查理", "花石峡"}},
	{"yushu", "玉树州", []string{"玉树", "杂多", "称多", "治多", "囊谦", "曲麻莱"}, []string{"结古", "隆宝", "萨呼腾", "称文", "歇武", "加吉博洛格", "香达", "约改"}},
}

// placeOf gives the place of an area.
func placeOf(area outage.Area) *place {
	for i := range places {
		if places[i].area == area {
			return &places[i]
		}
	}
	return &place{area: area, name: string(area)}
}

// classNames are the words of 地区特征.
var classNames = map[outage.Class]string{urbanCore: "市中心区", urban: "市区", town: "城镇", rural: "农村"}
