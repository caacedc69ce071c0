package web

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/saidi-exporter/saidi/snapshot"
)

// listSheet is the style of the pages that list.
const listSheet = "lists.css"

// An eventsView is the page of the rows behind a number.
type eventsView struct {
	Frame   frame
	Waiting string // why there is no answer yet; else empty
	Problem string // what is wrong with what is asked; else empty
	Form    *eventsForm
	Answer  *eventsAnswer
}

// An eventsAnswer is the number, what the filter leaves of it, and some rows.
type eventsAnswer struct {
	Head      string // what the number is of
	Facts     []fact
	Equation  string
	Whole     string // all rows add up to the number
	Matched   string // what the filter leaves; empty without one
	Columns   []eventsColumn
	Rows      []eventsRow
	Caption   string
	Pages     eventsPages
	CSV, JSON string // links
}

// events is the page of the rows behind a number. What is wrong with the
// question is said above the form, which keeps it.
func (p *pages) events(v *visit) (view, error) {
	v.frame.Title, v.frame.Sheets = v.Say("page.nav-events"), []string{listSheet}
	x := &eventsView{}
	if v.status.Snapshot == nil {
		x.Waiting, v.code = v.Say("page.waiting", v.stamp(v.status.Started).Text), http.StatusServiceUnavailable
	} else if err := p.answerEvents(v, x); err != nil {
		return view{}, err
	}
	x.Frame = v.frame
	return view{"events", x}, nil
}

// answerEvents fills in the form and the answer, or what is wrong.
func (p *pages) answerEvents(v *visit, x *eventsView) error {
	asked := v.askedEvents()
	x.Form = asked.form(v.status.Snapshot)
	if yearShown(v.status.Snapshot) == nil && asked.err == nil && asked.window == "" {
		x.Waiting = v.Say("events.nothing")
		return nil
	}
	list, err := p.listEvents(v, asked)
	if err == nil {
		x.Answer = v.eventsAnswer(asked, list)
		return nil
	}
	x.Problem, err = v.mistake(err)
	return err
}

// listEvents asks for the rows.
func (p *pages) listEvents(v *visit, asked *eventsAsked) (*snapshot.EventList, error) {
	if asked.err != nil {
		return nil, asked.err
	}
	return p.Events(v.r.Context(), asked.window, asked.question)
}

// eventsAnswer words the number and the rows.
func (v *visit) eventsAnswer(asked *eventsAsked, l *snapshot.EventList) *eventsAnswer {
	v.learn(l.Areas, l.Classes)
	name, class := cmp.Or(l.Name.In(string(v.Language)), v.scopeName(l.Scope)), cmp.Or(l.ClassName.In(string(v.Language)), v.className(l.Class))
	x := &eventsAnswer{
		Head: v.Say("explain.head", name, class, l.Index, local(l.From), local(l.To)),
		Facts: []fact{
			{v.Say("events.hours"), fixed(l.SAIDIHours, 2)},
			{v.Say("events.customer-hours"), hundredthHours(l.CustomerSeconds)},
			{v.Say("events.equivalent"), average(l.EquivalentCustomers)},
			{v.Say("events.interruptions"), exact(l.Interruptions)},
			{v.Say("events.rows"), count(int64(l.Rows))},
		},
		Equation: v.Say("events.equation", fixed(l.SAIDIHours, 4), hundredthHours(l.CustomerSeconds), average(l.EquivalentCustomers)),
		Whole:    v.Say("events.whole", count(int64(l.Rows)), exact(l.CustomerSeconds), exact(l.Interruptions)),
		Columns:  asked.columns(), Pages: asked.pages(l),
		CSV: asked.apiLink("csv"), JSON: asked.apiLink(""),
	}
	if asked.filtered() {
		x.Matched = v.Say("events.matched", count(int64(l.Matched.Rows)), count(int64(l.Rows)), hundredthHours(l.Matched.CustomerSeconds), shareOf(l.Matched.CustomerSeconds, l.CustomerSeconds), exact(l.Matched.Interruptions))
	}
	for i := range l.Lines {
		x.Rows = append(x.Rows, v.eventsRow(asked, &l.Lines[i], l.AsOf))
	}
	x.Caption = v.Say("events.none")
	if n := len(x.Rows); n > 0 {
		x.Caption = v.Say("events.shown", count(int64(l.Offset+1)), count(int64(l.Offset+n)), count(int64(l.Matched.Rows)))
	}
	return x
}

// eventsPages leads through the rows.
type eventsPages struct {
	Page, Of                    string
	First, Previous, Next, Last string // empty where there is none
}

func (a *eventsAsked) pages(l *snapshot.EventList) eventsPages {
	size := a.question.Limit
	page, last := l.Offset/size+1, max((l.Matched.Rows+size-1)/size, 1)
	reach := lastOffset/size + 1 // the last page that can be asked for
	p := eventsPages{Page: count(int64(page)), Of: count(int64(last))}
	if page > 1 {
		p.First, p.Previous = a.with("page", ""), a.with("page", pageNumber(min(page-1, last)))
	}
	if page < min(last, reach) {
		p.Next = a.with("page", pageNumber(page+1))
	}
	if page < last && last <= reach {
		p.Last = a.with("page", pageNumber(last))
	}
	return p
}

// pageNumber is how a link names a page; the first one needs no number.
func pageNumber(n int) string {
	if n == 1 {
		return ""
	}
	return strconv.Itoa(n)
}
