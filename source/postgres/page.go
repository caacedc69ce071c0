package postgres

import (
	"context"
	"fmt"
)

// A page is rows that are collected to be handed on.
type page struct {
	text []byte
	rows []seenRow
	at   position // behind the rows that were read for it
}

// fill reads rows until the page is full of new ones; last says that there are no
// more.
func (l *look) fill(ctx context.Context, p *page) (last bool, err error) {
	for len(p.rows) < l.config.Page && len(p.text) < pageBytes {
		want := min(l.reach, l.config.Page-len(p.rows))
		got, err := l.fetch(ctx, p, want)
		if err != nil {
			return false, err
		}
		if got < want {
			return true, nil
		}
	}
	return false, nil
}

// widen sets how many rows the next fetch may read by how wide those of the last
// were, so that wide ones do not fill the memory.
func (l *look) widen(rows, bytes int) {
	l.reach = fetchRows
	if bytes > 0 {
		l.reach = max(1, min(fetchRows, fetchBytes*rows/bytes))
	}
}

// fetch reads at most so many rows and adds the new ones to the page.
func (l *look) fetch(ctx context.Context, p *page, want int) (got int, err error) {
	ctx, cancel := l.within(ctx)
	defer cancel()
	width := 0
	results := l.conn.Exec(ctx, fmt.Sprintf("FETCH FORWARD %d FROM saidi", want))
	for results.NextResult() {
		rows := results.ResultReader()
		for err == nil && rows.NextRow() {
			values := rows.Values()
			for _, v := range values {
				width += len(v)
			}
			got++
			err = l.add(p, values)
		}
		if err != nil {
			return got, err // the connection is ended, and with it what is left
		}
		if _, err = rows.Close(); err != nil {
			return got, err
		}
	}
	if err := results.Close(); err != nil {
		return got, err
	}
	l.widen(got, width)
	if l.opened.IsZero() {
		l.opened = l.config.Now()
	}
	return got, nil
}

// add takes a row: the columns, the mark, and whether it lies above the position
// with which the look began.
func (l *look) add(p *page, values [][]byte) error {
	n := len(l.shape.columns)
	if len(values) != n+2 {
		return fmt.Errorf("a row of %d values, want %d", len(values), n+2)
	}
	m, err := told(l.shape.kind, string(values[n]))
	if err != nil {
		return fmt.Errorf("the watermark %q: %w", l.config.Watermark, err)
	}
	if string(values[n+1]) == "t" {
		p.at = position{l.shape.kind, m, l.config.Watermark}
	}
	text, err := appendRow(p.text, l.shape.columns, values[:n])
	if err != nil {
		return err
	}
	row := seenRow{digestOf(text[len(p.text):]), l.place(m)}
	if l.seen.meet(row) {
		return nil
	}
	p.text, p.rows = text, append(p.rows, row)
	return nil
}

// place is that of a mark on the line. Texts come in an order which only the
// server knows, so each new one is a place further.
func (l *look) place(m mark) int64 {
	if l.shape.kind != kindText {
		return m.place
	}
	if m.value != l.value {
		l.rank, l.value = l.rank+1, m.value
	}
	return l.rank
}
