package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/saidi-exporter/saidi/outage"
	"github.com/saidi-exporter/saidi/period"
)

// A Kind is what a delivery tells.
type Kind uint8

// The kinds of deliveries.
const (
	Events     Kind = iota + 1 // interruptions
	Base                       // customers
	Withdrawal                 // that an earlier delivery no longer counts
)

// String names the kind.
func (k Kind) String() string {
	switch k {
	case Events:
		return "events"
	case Base:
		return "base"
	case Withdrawal:
		return "withdrawal"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// The channels by which deliveries come.
const (
	File     = "file"
	Push     = "push"
	NATS     = "nats"
	Postgres = "postgres"
)

// A Stream is what the deliveries of one sender have in common. Equal ones have
// one number.
type Stream struct {
	Kind        Kind              `json:"kind"`
	Source      string            `json:"source,omitempty"`  // the system, as configured
	Channel     string            `json:"channel,omitempty"` // File, Push, …
	Name        string            `json:"name,omitempty"`    // path, subject, table
	Who         string            `json:"who,omitempty"`     // was allowed to tell it
	Content     string            `json:"content,omitempty"` // what it was recognised as, such as "csv, GB18030"
	Repeated    outage.Repeated   `json:"repeated,omitempty"`
	WholeFeeder bool              `json:"whole_feeder,omitempty"` // a row without customers interrupts all of its feeder
	Live        bool              `json:"live,omitempty"`         // rows are held against the time received
	Sheets      []outage.Sheet    `json:"sheets,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"` // the sender's own names of the fields, by canonical name
	Mapping     string            `json:"mapping,omitempty"` // digest of the mapping by which it was read
}

// spec is the stream in one way of writing, so that equal streams are equal
// texts: nothing and an empty list are the same.
func (s Stream) spec() (string, error) {
	s.Source, s.Name, s.Who = sealed(s.Source), sealed(s.Name), sealed(s.Who)
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("stream: %w", err)
	}
	return string(text), nil
}

// parseStream reads what spec wrote.
func parseStream(spec string) (s Stream, err error) {
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		return s, fmt.Errorf("stream: %w", err)
	}
	s.Source, s.Name, s.Who = unsealed(s.Source), unsealed(s.Name), unsealed(s.Who)
	return s, nil
}

// A Head is what is known of a delivery beside its rows.
type Head struct {
	Stream
	SHA256   string // of the bytes as they came, in hex; empty: it is never taken for one told before
	Rows     int    // data rows read
	Skipped  int    // title and total rows
	Covers   []outage.Covers
	Position string // where to go on behind it: the sender's own words
	Replace  bool   // what is in force of the same kind, source, channel and name is withdrawn by this delivery
	Warnings []string
}

// A covering is outage.Covers as it is stored.
type covering struct {
	From  int64         `json:"from"`
	To    int64         `json:"to"`
	Areas []outage.Area `json:"areas,omitempty"`
}

// coversText writes declared periods; empty where there are none.
func coversText(list []outage.Covers) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	stored := make([]covering, len(list))
	for i, c := range list {
		stored[i] = covering{c.From, c.To, c.Areas}
	}
	text, err := json.Marshal(stored)
	return string(text), err
}

// parseCovers reads what coversText wrote.
func parseCovers(text string) ([]outage.Covers, error) {
	if text == "" {
		return nil, nil
	}
	var stored []covering
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("covers: %w", err)
	}
	list := make([]outage.Covers, len(stored))
	for i, c := range stored {
		list[i] = outage.Covers{Period: period.Period{From: c.From, To: c.To}, Areas: c.Areas}
	}
	return list, nil
}

// joined adds declared periods to others and unites those of the same areas
// that meet, so that a heartbeat leaves one long period.
func joined(list, more []outage.Covers) []outage.Covers {
	for _, c := range more {
		i := slices.IndexFunc(list, func(o outage.Covers) bool {
			return c.From <= o.To && o.From <= c.To && slices.Equal(c.Areas, o.Areas)
		})
		if i < 0 {
			list = append(list, c)
			continue
		}
		list[i].From, list[i].To = min(list[i].From, c.From), max(list[i].To, c.To)
	}
	return list
}
