package policy

import (
	"testing"

	"github.com/saidi-exporter/saidi/outage"
)

func TestQinghaiAreas(t *testing.T) {
	t.Parallel()
	names := Qinghai().Names()
	tests := []struct {
		text string
		want outage.Area // empty: not recognised
	}{
		{"xining", "xining"}, {"西宁", "xining"}, {"西宁市", "xining"}, {" 西宁市　", "xining"}, {"Xining", "xining"}, {"XINING", "xining"},
		{"6301", "xining"}, {"630100", "xining"}, {"630102", "xining"}, {"630100.0", "xining"}, {"６３０１００", "xining"},
		{"海东市", "haidong"}, {"海东地区", "haidong"}, {"630200", "haidong"}, {"632100", "haidong"}, {"632121", "haidong"},
		{"海西", "haixi"}, {"海西州", "haixi"}, {"海西蒙古族藏族自治州", "haixi"}, {"632801", "haixi"},
		{"黄南藏族自治州", "huangnan"}, {"632300", "huangnan"},
		{"海南", "hainan"}, {"海南州", "hainan"}, {"海南藏族自治州", "hainan"}, {"632500", "hainan"},
		{"海北州", "haibei"}, {"海北藏族自治州", "haibei"}, {"632200", "haibei"},
		{"果洛藏族自治州", "golog"}, {"Guoluo", "golog"}, {"632600", "golog"},
		{"玉树州", "yushu"}, {"玉树藏族自治州", "yushu"}, {"632701", "yushu"},
		{"国网西宁供电公司", ""}, {"海南省", ""}, {"青海省", ""}, {"qinghai", ""}, {"six-prefectures", ""}, {"630000", ""}, {"63010", ""}, {"6301020", ""}, {"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := names.Area(tt.text)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("%q is recognised as %q, %t, want %q", tt.text, got, ok, tt.want)
			}
		})
	}
}

func TestQinghaiClasses(t *testing.T) {
	t.Parallel()
	names := Qinghai().Names()
	tests := []struct {
		text string
		want outage.Class // empty: not recognised
	}{
		{"市中心区", "urban-core"}, {"urban-core", "urban-core"}, {"市区", "urban"}, {"城镇", "town"}, {"农村", "rural"}, {"Rural", "rural"},
		{"城网", ""}, {"city", ""}, {"all", ""}, {"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := names.Class(tt.text)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("%q is recognised as %q, %t, want %q", tt.text, got, ok, tt.want)
			}
		})
	}
}

// Two areas of one name are told apart by their ids, and the name alone means
// neither.
func TestSharedName(t *testing.T) {
	t.Parallel()
	p, err := Parse("p.yaml", []byte(`{id: p, zone: UTC, areas: [{id: "1", name: Taquari}, {id: "2", name: TAQUARI}, {id: "3", name: Jordão}]}`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text string
		want outage.Area
	}{{"1", "1"}, {"2", "2"}, {"Taquari", ""}, {"jordão", "3"}}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := p.Names().Area(tt.text)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("%q is recognised as %q, %t, want %q", tt.text, got, ok, tt.want)
			}
		})
	}
}

func TestNamesPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if got, want := recover(), `policy: area "b": "x" already means "a"`; got != want {
			t.Errorf("got panic %v, want %v", got, want)
		}
	}()
	p := &Policy{Areas: []Area{{ID: "a", Match: []string{"x"}}, {ID: "b", Match: []string{"x"}}}}
	p.Names()
}
