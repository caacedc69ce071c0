package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/internal/strictyaml"

	"go.yaml.in/yaml/v3"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A Ledger (任务台账) is what is done to meet the targets, as the bureau keeps it
// in a small YAML file beside the policy (四(二) of the Opinion):
//
//	policy: qinghai-2021-101
//	measures:
//	  - target: {scope: xining, class: rural, rule: reduction}     # without rule: all rules
//	    measure: 更换多巴线 12 km 老旧导线
//	    responsible: 国网西宁供电公司
//	    due: 2022-09-30
//	    state: under-way
//	    note: 已完成 7 km
type Ledger struct {
	Measures []Measure
	SHA256   string // of the file's bytes
}

// A Measure is one entry of a ledger.
type Measure struct {
	Scope, Class string
	Rule         Rule // empty: all rules of the scope and class
	Measure      string
	Responsible  string     // the unit that answers for it
	Due          period.Day // the last day
	State        State
	Note         string
}

// A State is how far a measure has come.
type State string

// The states.
const (
	Planned  State = "planned"
	UnderWay State = "under-way"
	Done     State = "done"
	Dropped  State = "dropped"
)

// States lists the states in order.
func States() []State { return []State{Planned, UnderWay, Done, Dropped} }

// Overdue says whether the due day is over at as-of and the measure is neither
// done nor dropped.
func (m *Measure) Overdue(asOf int64, loc *time.Location) bool {
	return m.State != Done && m.State != Dropped && asOf >= (m.Due+1).Start(loc)
}

// Of lists the measures for a target, in the order of the file; none for nil.
func (l *Ledger) Of(t *Target) []Measure {
	if l == nil {
		return nil
	}
	var all []Measure
	for _, m := range l.Measures {
		if m.isFor(*t) {
			all = append(all, m)
		}
	}
	return all
}

// ParseLedger reads a ledger of the targets of p from the bytes of one YAML
// file; name stands in the messages, which are as those of [Parse].
func ParseLedger(name string, data []byte, p *Policy) (*Ledger, error) {
	d := newDecoder(name)
	root, err := strictyaml.Document(name, data)
	if err != nil {
		return nil, err
	}
	l := &Ledger{}
	var id word
	d.Mapping(root, "ledger",
		strictyaml.Key("policy", d.Word("policy", &id)),
		strictyaml.Key("measures", d.List("measures", func(node *yaml.Node) { l.Measures = append(l.Measures, d.measure(node, p)) })))
	if id.Text == "" {
		d.missing(root.Line, "policy")
	}
	if id.Text != "" && id.Text != p.ID {
		d.Fail(id.Line, "policy %q: the ledger belongs to another policy than %q", id.Text, p.ID)
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	l.SHA256 = hex.EncodeToString(sum[:])
	return l, nil
}

// A measureEntry is one measure as the file has it.
type measureEntry struct {
	line                                            int
	scope, class, rule, what, who, due, state, note word
}

func (d *decoder) measure(node *yaml.Node, p *Policy) Measure {
	e := measureEntry{line: strictyaml.Resolve(node).Line}
	before := d.Mistakes()
	d.Mapping(node, "measures",
		strictyaml.Key("target", func(n *yaml.Node) {
			d.Mapping(n, "target", strictyaml.Key("scope", d.Word("scope", &e.scope)), strictyaml.Key("class", d.Word("class", &e.class)), strictyaml.Key("rule", d.Word("rule", &e.rule)))
		}),
		strictyaml.Key("measure", d.Word("measure", &e.what)), strictyaml.Key("responsible", d.Word("responsible", &e.who)),
		strictyaml.Key("due", d.Word("due", &e.due)), strictyaml.Key("state", d.Word("state", &e.state)), strictyaml.Key("note", d.Word("note", &e.note)))
	if d.Mistakes() == before {
		d.complete(e)
	}
	if d.Mistakes() > before {
		return Measure{}
	}
	m := d.checkMeasure(e, p)
	if d.Mistakes() == before && !slices.ContainsFunc(p.Targets, m.isFor) {
		d.Fail(e.line, "measure: the policy has no target %s", strings.TrimSpace(fmt.Sprintf("for scope %q, class %q %s", m.Scope, m.Class, m.Rule)))
	}
	return m
}

// complete reports the keys that every measure has.
func (d *decoder) complete(e measureEntry) {
	for _, must := range []struct {
		key string
		w   word
	}{{"target: scope", e.scope}, {"measure", e.what}, {"responsible", e.who}, {"due", e.due}, {"state", e.state}} {
		if must.w.Text == "" {
			d.Fail(e.line, "measure: the key %q is missing", must.key)
		}
	}
}

func (d *decoder) checkMeasure(e measureEntry, p *Policy) Measure {
	m := Measure{
		Scope: d.scope(e.scope, p), Class: string(outage.AllClasses),
		Measure: e.what.Text, Responsible: e.who.Text, Due: d.day("due", e.due, 0), Note: e.note.Text,
	}
	if e.class.Text != "" {
		m.Class = d.class(e.class, p)
	}
	if e.rule.Text != "" {
		m.Rule = oneOf(d, e.rule, "rule", []Rule{Cap, Reduction})
	}
	m.State = d.state(e.state)
	return m
}

// state reads a state by its code or its usual Chinese word.
func (d *decoder) state(w word) State {
	switch w.Text {
	case "未开始", "计划中":
		return Planned
	case "进行中", "在建":
		return UnderWay
	case "已完成", "完成":
		return Done
	case "已取消", "取消":
		return Dropped
	}
	return oneOf(d, w, "state", States())
}

// isFor says whether a measure is for a target.
func (m *Measure) isFor(t Target) bool {
	return m.Scope == t.Scope && m.Class == t.Class && (m.Rule == "" || m.Rule == t.Rule)
}

// quoted writes an id as YAML reads it.
func quoted(id string) string {
	if strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == "" {
		return id
	}
	return strconv.Quote(id)
}

// NewLedger writes an empty ledger for a policy, with each of its targets as a
// comment to fill in.
func NewLedger(p *Policy) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Measures for the targets of %s (任务台账).\n", p.Title.En)
	fmt.Fprintf(&b, "# state: planned, under-way, done or dropped; due is the last day.\npolicy: %s\nmeasures: []\n", quoted(p.ID))
	for i := range p.Targets {
		t := &p.Targets[i]
		fmt.Fprintf(&b, "#  - target: {scope: %s, class: %s, rule: %s}     # %s, %s\n", quoted(t.Scope), quoted(t.Class), t.Rule, p.ScopeName(t.Scope).Zh, p.ClassName(t.Class).Zh)
	}
	b.WriteString("#    measure: what is done\n#    responsible: who answers for it\n#    due: 2006-01-02\n#    state: planned\n#    note: how far it is\n")
	return b.Bytes()
}
