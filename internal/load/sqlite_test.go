package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/saidi-exporter/saidi/outage"
)

// A plain is SQLite's own program with one table, which only keeps rows. It
// acknowledges when they are on disk, as the exporter does.
type plain struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// openPlain starts the program. What it prints goes to where nothing is held back.
func openPlain(path string) (*plain, error) {
	p := &plain{process: exec.Command("sqlite3", path)}
	var err error
	if p.in, err = p.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.process.StderrPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.process.Start(); err != nil {
		return nil, fmt.Errorf("sqlite3, to compare with: %w", err)
	}
	if _, err := io.WriteString(p.in, ".bail on\n.timeout 60000\nPRAGMA journal_mode=WAL;\n.output stderr\nPRAGMA synchronous=FULL;\n"); err != nil {
		return nil, err
	}
	return p, p.do(`CREATE TABLE IF NOT EXISTS events (event_id TEXT, source TEXT, feeder_id TEXT, unit_id TEXT, area TEXT, class TEXT, start TEXT, "end" TEXT,
  customers INTEGER, nature TEXT, cause TEXT, technical_cause TEXT, stage TEXT, steps TEXT, revision INTEGER, cancelled INTEGER, capacity_kva REAL);`)
}

// do executes statements and waits for the end.
func (p *plain) do(statements string) error {
	if _, err := io.WriteString(p.in, statements+"\n.print done\n"); err != nil {
		return fmt.Errorf("sqlite3: %w", err)
	}
	line, err := p.out.ReadString('\n')
	if err != nil || line != "done\n" {
		return fmt.Errorf("sqlite3: %s %w", strings.TrimSpace(line), errors.Join(err))
	}
	return nil
}

func (p *plain) close() error {
	return errors.Join(p.in.Close(), p.process.Wait())
}

// openPlains starts a program for each writer, all on one database.
func openPlains(path string, writers int) (all []*plain, err error) {
	for range writers {
		p, err := openPlain(path)
		if err != nil {
			return all, err
		}
		all = append(all, p)
	}
	return all, nil
}

// send gives each writer its program.
func sendPlain(all []*plain) sender {
	return func(_ context.Context, writer int, body []byte, _ int) error { return all[writer].do(string(body)) }
}

// count is how many rows the table has.
func (p *plain) count() (n int, err error) {
	if _, err := io.WriteString(p.in, "SELECT count(*) FROM events;\n"); err != nil {
		return 0, err
	}
	_, err = fmt.Fscan(p.out, &n)
	if err == nil {
		_, err = p.out.ReadString('\n')
	}
	return n, err
}

// statements are events as a transaction of INSERT statements.
func statements(list []outage.Event) []byte {
	var b bytes.Buffer
	b.WriteString("BEGIN IMMEDIATE;\n")
	for i := range list {
		e := &list[i]
		fmt.Fprintf(&b, "INSERT INTO events VALUES ('%s','%s','%s','%s','%s','%s','%s','%s',%d,'%s','%s',NULL,NULL,NULL,NULL,NULL,NULL);\n",
			e.ID, e.Source, e.Feeder, e.Unit, e.Area, e.Class, instant(e.Start), instant(e.End), e.Customers, e.Nature, e.Cause)
	}
	b.WriteString("COMMIT;")
	return b.Bytes()
}
