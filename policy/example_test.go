package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/policy"
)

func ExampleParse() {
	_, err := policy.Parse("policy.yaml", []byte(`id: mine
zone: Asia/Shanghai
areas:
  - {id: xining, name: {zh: 西宁市, en: Xining}}
groups:
  - {id: east, areas: [xinning]}
`))
	fmt.Println(err)
	// Output:
	// policy.yaml:6: unknown area "xinning": the nearest known is "xining"
}

func ExamplePolicy_Names() {
	names := policy.Qinghai().Names()
	area, ok := names.Area("海南藏族自治州")
	fmt.Println(area, ok)
	_, ok = names.Area("国网西宁供电公司")
	fmt.Println(ok)
	// Output:
	// hainan true
	// false
}

// The areas of the ANEEL example are those of the known answers.
func TestANEEL(t *testing.T) {
	t.Parallel()
	p, err := policy.Load("../examples/aneel/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../testdata/golden/aneel.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Areas map[string]struct{ Name string }
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, map[string]string{}
	for _, a := range p.Areas {
		got[string(a.ID)] = a.Name.En
	}
	for id, a := range golden.Areas {
		want[id] = a.Name
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("areas differ (-want +got):\n%s", diff)
	}
	if got, want := len(p.Groups[0].Areas)+len(p.Groups[1].Areas), len(p.Areas); got != want {
		t.Errorf("the two utilities have %d areas, want %d", got, want)
	}
}

func TestOE417(t *testing.T) {
	t.Parallel()
	p, err := policy.Load("../examples/oe417/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := p.Names()
	for _, text := range []string{"New York", "NY", "new york"} {
		if got, ok := names.Area(text); !ok || got != "New York" {
			t.Errorf("%q is recognised as %q, want New York", text, got)
		}
	}
	if got, want := p.Whole.ID, "usa"; got != want {
		t.Errorf("whole = %q, want %q", got, want)
	}
}
