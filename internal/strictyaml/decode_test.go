package strictyaml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// A car is what the tests read.
type car struct {
	name  Word
	seats []Word
	parts []string
}

// parse reads a car, and gives every mistake as a line.
func parse(text string) (c car, mistakes []string) {
	root, err := Document("c.yml", []byte(text))
	if err != nil {
		return c, strings.Split(err.Error(), "\n")
	}
	d := New("c.yml")
	d.Mapping(root, "car",
		Key("name", d.Word("name", &c.name)),
		Key("seats", d.Words("seats", &c.seats)),
		Key("parts", d.List("parts", func(n *yaml.Node) {
			d.Mapping(n, "parts", Key("kind", func(n *yaml.Node) {
				var w Word
				if d.Word("kind", &w)(n); w.Text != "wheel" && w.Text != "door" {
					d.Unknown(w, "kind", []string{"wheel", "door"})
				}
				c.parts = append(c.parts, w.Text)
			}))
		})),
	)
	if err := d.Err(); err != nil {
		mistakes = strings.Split(err.Error(), "\n")
	}
	if len(mistakes) != d.Mistakes() {
		mistakes = append(mistakes, "the number of mistakes is wrong")
	}
	return c, mistakes
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"none", "name: a\nseats: [b, c]\nparts: [{kind: wheel}]\n", nil},
		{"nothing at all", "", []string{"c.yml:1: the file is empty"}},
		{"a comment", "# nothing\n", []string{"c.yml:1: the file is empty"}},
		{"two documents", "name: a\n---\nname: b\n", []string{"c.yml:2: a second document: want one a file"}},
		{"a second one that is no YAML", "name: a\n---\nb: [\n", []string{"c.yml:3: no YAML: did not find expected node content"}},
		{"no YAML", "name: a: b\n", []string{"c.yml:1: no YAML: mapping values are not allowed in this context"}},
		{"a full-width colon", "name：a\nb: c\n", []string{"c.yml:2: no YAML: mapping values are not allowed in this context; line 1 has a full-width '：'"}},
		{"a full-width sign in a comment", "name: a: b # ：\n", []string{"c.yml:1: no YAML: mapping values are not allowed in this context"}},
		{"no UTF-8", "name: a\nseats: [\xff]\n", []string{"c.yml:2: no YAML: the line is not UTF-8: save the file as UTF-8"}},
		{"an anchor that is not there", "name: a\nseats: *b\n", []string{"c.yml:2: no YAML: unknown anchor 'b' referenced"}},
		{"a list for keys", "- name\n", []string{"c.yml:1: car: want keys and values, have a list"}},
		{"a text for keys", "name\n", []string{`c.yml:1: car: want keys and values, have "name"`}},
		{"an unknown key", "nmae: a\n", []string{`c.yml:1: unknown key "nmae": the nearest known is "name"`}},
		{"a key twice", "name: a\nname: b\n", []string{`c.yml:2: car: key "name" stands twice`}},
		{"an unknown word of few", "parts: [{kind: weel}]\n", []string{`c.yml:1: unknown kind "weel": the nearest known is "wheel"; known are wheel and door`}},
		{"keys for a text", "name: {a: b}\n", []string{"c.yml:1: name: want a text, have keys and values"}},
		{"nothing for a text", "name:\n", []string{"c.yml:1: name: want a text, have nothing"}},
		{"null for a text", "name: ~\n", []string{"c.yml:1: name: want a text, have nothing"}},
		{"an empty text", `name: ""` + "\n", []string{"c.yml:1: name: want a text, have nothing"}},
		{"space around a text", `name: "a "` + "\n", []string{`c.yml:1: name "a ": has space around it`}},
		{"a text for a list", "seats: a\n", []string{`c.yml:1: seats: want a list, have "a"`}},
		{"all at once, by line", "seats:\n- a\n- [b]\ncolour: red\nname: {}\n", []string{"c.yml:3: seats: want a text, have a list", `c.yml:4: unknown key "colour": the nearest known is "name"`, "c.yml:5: name: want a text, have keys and values"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, got := parse(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mistakes differ (-want +got):\n%s", diff)
			}
		})
	}
}

// An alias is what it stands for, and words know their lines.
func TestReads(t *testing.T) {
	t.Parallel()
	got, mistakes := parse("name: &n a\nseats:\n- *n\n- b\nparts:\n- {kind: wheel}\n- &door {kind: door}\n- *door\n")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	want := car{Word{"a", 1}, []Word{{"a", 1}, {"b", 4}}, []string{"wheel", "door", "door"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(car{})); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// Where nothing is known, nothing is near.
func TestUnknownOfNone(t *testing.T) {
	t.Parallel()
	d := New("c.yml")
	d.Unknown(Word{"a", 3}, "area", nil)
	if got := d.Err().Error(); got != `c.yml:3: unknown area "a": none is known` {
		t.Errorf("got %s", got)
	}
}

// Whatever the bytes, Document gives a node or an error with the name of the file,
// and walking it ends.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{"name: a\n", "seats: &a [*a]", "---\n", "# \n", "a: [", "parts: [{kind: x}]"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, line := range []string{"name: ", ""} {
			_, mistakes := parse(line + string(data))
			if len(mistakes) > 0 && !strings.HasPrefix(mistakes[0], "c.yml:") {
				t.Fatalf("the mistake %q names no file", mistakes[0])
			}
		}
	})
}
