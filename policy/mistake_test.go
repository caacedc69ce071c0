package policy

import (
	"strings"
	"testing"
)

// Every mistake is told with its place, the wrong word and the nearest known
// one. The rows are appended to a policy without mistakes, or replace it.
func TestMistakes(t *testing.T) {
	t.Parallel()
	const start = `id: p
zone: Asia/Shanghai
areas: [{id: xining, match: [西宁]}, {id: haixi}]
classes: [{id: town}, {id: rural}]
`
	tests := []struct{ name, text, want string }{
		{"unknown key", start + "setle: 45d", `p.yaml:5: unknown key "setle": the nearest known is "settle"`},
		{"unknown key of an area", "id: p\nzone: UTC\nareas:\n  - id: a\n    nme: A", `p.yaml:5: unknown key "nme": the nearest known is "name"`},
		{"unknown language", start + "title: {zh: 甲, eng: A}", `p.yaml:5: unknown key "eng": the nearest known is "en"`},
		{"key twice", start + "zone: UTC", `p.yaml:5: policy: key "zone" stands twice`},
		{"not mergeable", start + "<<: {settle: 1d}", `p.yaml:5: unknown key "<<": the nearest known is "id"`},
		{"unknown area in a group", start + "groups:\n- {id: g, areas: [xinning]}", `p.yaml:6: unknown area "xinning": the nearest known is "xining"`},
		{"unknown class in a group", start + "class_groups: [{id: g, classes: [town, rual]}]", `p.yaml:5: unknown class "rual": the nearest known is "rural"`},
		{"area twice in a group", start + "groups: [{id: g, areas: [haixi, haixi]}]", `p.yaml:5: group "g": area "haixi" stands twice`},
		{"empty group", start + "groups: [{id: g, areas: []}]", `p.yaml:5: group "g": has no members`},
		{"group without members", start + "groups: [{id: g}]", `p.yaml:5: group "g": has no members`},
		{"group without id", start + "groups: [{areas: [haixi]}]", `p.yaml:5: groups: an entry without an id`},
		{"duration without unit", start + "settle: 45", `p.yaml:5: settle "45": want whole seconds up to 3660d as a number and one of the units s, m, h, d, such as 45d`},
		{"duration of no whole seconds", start + "settle: 0.0001h", `p.yaml:5: settle "0.0001h": want whole seconds up to 3660d as a number and one of the units s, m, h, d, such as 45d`},
		{"duration too long", start + "settle: 3661d", `p.yaml:5: settle "3661d": want whole seconds up to 3660d as a number and one of the units s, m, h, d, such as 45d`},
		{"momentary of no length", start + "momentary: 0s", `p.yaml:5: momentary "0s": want 1s to 1h`},
		{"momentary too long", start + "momentary: 61m", `p.yaml:5: momentary "61m": want 1s to 1h`},
		{"unknown zone", "id: p\nzone: Asia/Shangai\nareas: [{id: a}]", `p.yaml:2: unknown zone "Asia/Shangai": the nearest known is "Asia/Shanghai"`},
		{"the machine's zone", "id: p\nzone: Local\nareas: [{id: a}]", `p.yaml:2: unknown zone "Local": the nearest known is "UTC"`},
		{"unknown index", start + "index: saidi1", `p.yaml:5: unknown index "saidi1": the nearest known is "saidi-1"`},
		{"unknown index to show", start + "indices: [saidi-1, iee]", `p.yaml:5: unknown index "iee": the nearest known is "ieee"`},
		{"index to show twice", start + "indices: [saidi-1, saidi-1]", `p.yaml:5: indices: "saidi-1" stands twice`},
		{"judged index not shown", start + "indices:\n- ieee", `p.yaml:6: indices: the index that is judged, "saidi-1", is not among them`},
		{"year start", start + "year_start: 02-29", `p.yaml:5: year start "02-29": want a month and day that every year has, MM-DD`},
		{"day", start + "valid: {from: 2021-2-22}", `p.yaml:5: valid: from "2021-2-22": want a date, such as 2021-02-22`},
		{"validity backwards", start + "valid:\n  from: 2021-02-22\n  until: 2021-02-21", `p.yaml:7: valid: until 2021-02-21 lies before from 2021-02-22`},
		{"area twice", "id: p\nzone: UTC\nareas:\n- {id: a}\n- {id: a}", `p.yaml:5: area "a": the id already means another area`},
		{"group like an area", start + "groups: [{id: haixi, areas: [xining]}]", `p.yaml:5: group "haixi": the id already means another area`},
		{"group like the whole", start + "groups: [{id: whole, areas: [xining]}]", `p.yaml:5: group "whole": the id already means the whole`},
		{"area like the whole", start + "whole: {id: haixi}", `p.yaml:3: area "haixi": the id already means the whole`},
		{"class group like a class", start + "class_groups: [{id: town, classes: [town]}]", `p.yaml:5: class group "town": the id already means another class`},
		{"class group like all customers", start + "class_groups: [{id: all, classes: [town]}]", `p.yaml:5: class group "all": the id already means all customers`},
		{"match word twice", "id: p\nzone: UTC\nareas:\n- {id: a, match: [x]}\n- id: b\n  match:\n  - X", `p.yaml:7: area "b": "X" already means "a"`},
		{"match word like an id", "id: p\nzone: UTC\nareas: [{id: a},\n {id: b, match: [Ａ]}]", `p.yaml:4: area "b": "Ａ" already means "a"`},
		{"name like a match word", "id: p\nzone: UTC\nareas: [{id: a, match: [x]},\n {id: b, name: x}]", `p.yaml:4: area "b": "x" already means "a"`},
		{"ids that fold into one", "id: p\nzone: UTC\nareas: [{id: a, match: [x]},\n {id: A, match: [y]}]", `p.yaml:4: area "A": "A" already means "a"`},
		{"list for a text", start + "source: []", `p.yaml:5: source: want a text, have a list`},
		{"match word of two classes", "id: p\nzone: UTC\nareas: [{id: a}]\nclasses: [{id: c, match: [x]},\n {id: d, match: [x]}]", `p.yaml:5: class "d": "x" already means "c"`},
		{"empty match word", "id: p\nzone: UTC\nareas: [{id: a, match: ['']}]", `p.yaml:3: match: want a text, have nothing`},
		{"space around an id", "id: p\nzone: UTC\nareas: [{id: ' a'}]", `p.yaml:3: id " a": has space around it`},
		{"text for a list", start + "groups: haixi", `p.yaml:5: groups: want a list, have "haixi"`},
		{"nothing for a list", start + "groups:", `p.yaml:5: groups: want a list, have nothing`},
		{"list for keys", start + "valid: []", `p.yaml:5: valid: want keys and values, have a list`},
		{"keys for a text", start + "source: {}", `p.yaml:5: source: want a text, have keys and values`},
		{"no id", "zone: UTC\nareas: [{id: a}]", `p.yaml:1: the key "id" is missing`},
		{"no zone", "# a policy\n\nid: p\nareas: [{id: a}]", `p.yaml:3: the key "zone" is missing`},
		{"no areas", "id: p\nzone: UTC", `p.yaml:1: the key "areas" is missing`},
		{"no YAML", "id: p\nzone: [", `p.yaml:2: no YAML: did not find expected node content`},
		{"not UTF-8", "id: \xff", `p.yaml:1: no YAML: invalid leading UTF-8 octet`},
		{"anchor of nothing", "id: *a", `p.yaml:1: no YAML: unknown anchor 'a' referenced`},
		{"empty", "", `p.yaml:1: the file is empty`},
		{"a list", "- id: p", `p.yaml:1: policy: want keys and values, have a list`},
		{"two documents", start + "---\nid: q", `p.yaml:5: a second document: want one policy a file`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse("p.yaml", []byte(tt.text))
			if err == nil {
				t.Fatalf("got %+v, want the error %q", got, tt.want)
			}
			if err.Error() != tt.want {
				t.Errorf("got error  %s\nwant error %s", err, tt.want)
			}
		})
	}
}

// All mistakes are told at once, in the order of their lines.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	_, err := Parse("p.yaml", []byte("id: p\nzone: Europe/Pari\nsettle: soon\nareas: [{id: a}]\nindx: ieee\ngroups: [{id: g, areas: [b]}]"))
	want := strings.Join([]string{
		`p.yaml:2: unknown zone "Europe/Pari": the nearest known is "Europe/Paris"`,
		`p.yaml:3: settle "soon": want whole seconds up to 3660d as a number and one of the units s, m, h, d, such as 45d`,
		`p.yaml:5: unknown key "indx": the nearest known is "index"`,
		`p.yaml:6: unknown area "b": the nearest known is "a"`,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got error\n%v\nwant\n%s", err, want)
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text   string
		want   int64
		wantOK bool
	}{
		{"180s", 180, true}, {"3m", 180, true}, {"2.73h", 9828, true}, {"45d", 3888000, true}, {"0s", 0, true}, {"3660d", 316224000, true},
		{"", 0, false}, {"d", 0, false}, {".", 0, false}, {"1", 0, false}, {"-1d", 0, false}, {"1e3s", 0, false}, {"1.5s", 0, false},
		{"1/2d", 0, false}, {"1dd", 0, false}, {"1 d", 0, false}, {"1w", 0, false}, {"3660.1d", 0, false}, {strings.Repeat("9", 30) + "s", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := parseDuration(tt.text)
			if got != tt.want || ok != tt.wantOK {
				t.Errorf("got %d, %t, want %d, %t", got, ok, tt.want, tt.wantOK)
			}
		})
	}
}

// Whatever the bytes, Parse gives a policy that recognises each of its areas,
// or an error that names the file, and never both.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(qinghai))
	f.Add([]byte("areas: &a [*a]"))
	f.Add([]byte("# nothing"))
	f.Add([]byte("---\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("p.yaml", data)
		switch {
		case err != nil && (p != nil || !strings.HasPrefix(err.Error(), "p.yaml:")):
			t.Fatalf("got %v with the error %v", p, err)
		case err != nil:
			return
		}
		names := p.Names()
		for _, a := range p.Areas {
			if got, ok := names.Area(string(a.ID)); !ok || got != a.ID {
				t.Fatalf("area %q is recognised as %q", a.ID, got)
			}
		}
	})
}
