package web

import (
	"cmp"
	"maps"
	"math"
	"net/url"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/reliability"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/wording"
)

// A natureRow is what one nature adds, this year and at the same time of the last.
type natureRow struct {
	Nature                         string
	CustomerSeconds, Interruptions number
	Share                          string
	Before                         number
}

// natures lists the natures of the subject's outages, the most customer-hours
// first.
func (t *teller) natures(of *subject) []natureRow {
	if of.now == nil {
		return nil
	}
	codes := slices.Sorted(maps.Keys(of.now.ByNature))
	slices.SortStableFunc(codes, func(a, b string) int {
		return cmp.Compare(of.now.ByNature[b].CustomerSeconds, of.now.ByNature[a].CustomerSeconds)
	})
	var rows []natureRow
	for _, code := range codes {
		part, link := of.now.ByNature[code], t.behind(of, of.windows.now, reliability.SAIDI1, "nature", code)
		row := natureRow{
			Nature: t.Word(wording.Nature, code), Share: absent, Before: number{Text: absent},
			CustomerSeconds: linked(customerHours(part.CustomerSeconds.Float()), link), Interruptions: linked(whole(part.Interruptions), link),
		}
		if of.now.CustomerSeconds > 0 {
			share := part.CustomerSeconds.Float() / of.now.CustomerSeconds.Float()
			row.Share = percent(&share)
		}
		if of.prior != nil {
			before := of.prior.ByNature[code]
			row.Before = linked(customerHours(before.CustomerSeconds.Float()), t.behind(of, of.windows.prior, reliability.SAIDI1, "nature", code))
		}
		rows = append(rows, row)
	}
	return rows
}

// whole writes thousandths without them.
func whole(m snapshot.Milli) string { return count(int64(math.Round(m.Float()))) }

// A feedersView is the feeders that cost the most.
type feedersView struct {
	Problem string // why there are none; else empty
	Areas   bool   // the scope has several
	Rows    []feederRow
	Rest    string // how many others, and what they cost; empty for none
}

// A feederRow is what one feeder adds.
type feederRow struct {
	Feeder, CustomerSeconds, Interruptions number
	Area, Customers, Share, Rows           string
}

// listedFeeders is how many feeders are listed.
const listedFeeders = 20

// worstFeeders asks for the feeders behind the number of the subject.
func (p *pages) worstFeeders(v *visit, of *subject) feedersView {
	if of.now == nil {
		return feedersView{Problem: v.Say("area.no-feeders")}
	}
	list, err := p.Feeders(v.r.Context(), of.windows.now, snapshot.Question{Scope: of.scope, Class: of.class, Top: listedFeeders})
	if err != nil {
		return feedersView{Problem: v.told(problemOf(err))}
	}
	f := feedersView{Areas: len(of.members) > 1}
	for i := range list.Lines {
		f.Rows = append(f.Rows, v.feeder(of, list, &list.Lines[i]))
	}
	if list.Rest.Rows > 0 {
		f.Rest = v.Say("area.feeders-rest", list.Rest.Rows, customerHours(list.Rest.CustomerSeconds.Float()), whole(list.Rest.Interruptions))
	}
	if len(f.Rows) == 0 {
		f.Problem = v.Say("area.no-feeders")
	}
	return f
}

func (v *visit) feeder(of *subject, list *snapshot.FeederList, line *snapshot.FeederSum) feederRow {
	name, link := line.Feeder, v.behind(of, of.windows.now, list.Index, "feeder", line.Feeder, "area", line.Area)
	if name == "" {
		name, link = v.Say("explain.no-feeder"), ""
	}
	row := feederRow{
		Feeder: number{name, link}, CustomerSeconds: number{customerHours(line.CustomerSeconds.Float()), link}, Interruptions: number{whole(line.Interruptions), link},
		Area: v.scopeName(line.Area), Customers: absent, Share: absent, Rows: count(int64(line.Rows)),
	}
	if line.Customers > 0 {
		row.Customers = whole(line.Customers)
	}
	if list.CustomerSeconds > 0 {
		share := line.CustomerSeconds.Float() / list.CustomerSeconds.Float()
		row.Share = percent(&share)
	}
	return row
}

// A repeatsView is for how many customers the rules of repeat outages hold.
type repeatsView struct {
	Rows []figure
	None string // why nothing is told; else empty
}

// repeats adds up the rules of repeat outages over the cells of the subject. Where
// the base knows no units nothing can be told.
func (t *teller) repeats(of *subject) repeatsView {
	if of.Detail == nil || len(of.Detail.Repeat) == 0 || len(of.Detail.Repeats) == 0 {
		return repeatsView{None: t.Say("area.no-repeats")}
	}
	var r repeatsView
	for _, rule := range of.Detail.Repeats {
		var sum snapshot.Milli
		for _, x := range of.Detail.Repeat {
			if x.Rule == rule.ID && slices.Contains(of.members, x.Area) && (of.class == string(outage.AllClasses) || x.Class == of.class) {
				sum += x.Customers
			}
		}
		r.Rows = append(r.Rows, figure{Name: rule.Name.In(string(t.Language)), Value: number{Text: whole(sum)}})
	}
	return r
}

// An indexRow is what one index set makes of the subject, this year and at the
// same time of the last.
type indexRow struct {
	Name, What                  string
	Hours, SAIFI, CAIDI, Before number
	Judged                      bool
}

// indices lists the index sets that are shown.
func (t *teller) indices(of *subject) []indexRow {
	if of.now == nil {
		return nil
	}
	var rows []indexRow
	for _, set := range reliability.Sets() {
		x, ok := of.now.ByIndex[set.ID]
		if !ok {
			continue
		}
		link := t.behind(of, of.windows.now, set.ID)
		row := indexRow{
			Name: set.ID, What: t.setName(set.ID), Hours: linked(fixed(x.SAIDIHours, 3), link), SAIFI: linked(fixed(x.SAIFI, 3), link), CAIDI: linked(fixed(x.CAIDIHours, 2), link),
			Before: number{Text: absent}, Judged: set.ID == of.Index,
		}
		if of.prior != nil {
			row.Before = linked(fixed(of.prior.ByIndex[set.ID].SAIDIHours, 3), t.behind(of, of.windows.prior, set.ID))
		}
		rows = append(rows, row)
	}
	return rows
}

// setName says what an index set counts.
func (t *teller) setName(id string) string {
	switch id {
	case reliability.SAIDI1:
		return t.Say("area.set-all")
	case reliability.SAIDI2:
		return t.Say("area.set-internal")
	case reliability.SAIDI3:
		return t.Say("area.set-supplied")
	case reliability.SAIDI4:
		return t.Say("area.set-sustained")
	case reliability.SAIDIS:
		return t.Say("area.set-arranged")
	case reliability.SAIDIF:
		return t.Say("area.set-fault")
	case reliability.SAIDIU:
		return t.Say("area.set-unknown")
	case reliability.IEEE:
		return t.Say("area.set-ieee")
	case reliability.IEEEExMED:
		return t.Say("area.set-ieee-days")
	}
	return ""
}

// others are the indices that have no sets.
func (t *teller) others(of *subject) []figure {
	if of.now == nil {
		return nil
	}
	link := t.behind(of, of.windows.now, reliability.SAIDI1)
	var all []figure
	for _, x := range []struct {
		name  string
		value *float64
	}{
		{"MAIFI", of.now.MAIFI}, {"CTAIDI", of.now.CTAIDIHours}, {"CAIFI", of.now.CAIFI}, {"ASIDI", of.now.ASIDIHours}, {"ASIFI", of.now.ASIFI}, {"ENS (MWh)", of.now.ENSMWh}, {"AENS (kWh)", of.now.AENSkWh},
	} {
		if x.value != nil {
			all = append(all, figure{Name: x.name, Value: number{fixed(x.value, 3), link}})
		}
	}
	return all
}

// curveQuery is the scope and class of a subject for the API.
func curveQuery(of *subject) string {
	return url.Values{"scope": {of.scope}, "class": {of.class}}.Encode()
}
