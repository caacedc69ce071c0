package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/saidi-exporter/saidi/internal/app"
	"github.com/saidi-exporter/saidi/report"
	"github.com/saidi-exporter/saidi/snapshot"
	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
	"github.com/saidi-exporter/saidi/wording"
)

// addStore adds the commands that look after a store.
func addStore(app *kingpin.Application) map[string]func(world) error {
	parent := app.Command("store", "Look after the store of saidi serve.")
	commands := map[string]func(world) error{}
	for _, add := range []func(*kingpin.CmdClause) (string, func(world) error){addVerify, addBackup, addCopy, addList, addWithdraw} {
		name, do := add(parent)
		commands[name] = do
	}
	return commands
}

// storing is what the commands of a store have in common.
type storing struct {
	showing
	dir string
}

func (s *storing) dirArg(c *kingpin.CmdClause) {
	c.Arg("dir", "The folder of the store, or clickhouse://USER@HOST:9000/DATABASE.").Required().StringVar(&s.dir)
}

// reading opens the store, which may be in use, for a piece of work.
func (s *storing) reading(w world, do func(store.Keeper) error) (failed error) {
	st, err := w.keeper(context.Background(), s.dir)
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, st.Close()) }()
	return do(st)
}

// verifying is the command store verify.
type verifying struct{ storing }

func addVerify(parent *kingpin.CmdClause) (string, func(world) error) {
	v := &verifying{}
	c := parent.Command("verify", "Check everything that a store holds: sums, sequences and counts. Exits with status 1 if anything is wrong. The store may be running.")
	v.dirArg(c)
	v.flags(c)
	return c.FullCommand(), v.run
}

// A finding is one of the store in JSON.
type finding struct {
	Path string `json:"path"`
	What string `json:"what"`
	Todo string `json:"todo"`
}

// A verification is what was found in JSON.
type verification struct {
	SchemaVersion int       `json:"schema_version"`
	Findings      []finding `json:"findings"`
	Deliveries    int64     `json:"deliveries"`
	Rows          int64     `json:"rows"`
	Rejected      int64     `json:"rejected"` // by their readers
	Last          int64     `json:"last"`     // sequence
}

func (v *verifying) run(w world) error {
	found := verification{SchemaVersion: snapshot.SchemaVersion, Findings: []finding{}}
	err := v.reading(w, func(st store.Keeper) error {
		list, err := st.Verify(context.Background())
		for _, f := range list {
			found.Findings = append(found.Findings, finding(f))
		}
		sizes := st.Stats()
		found.Deliveries, found.Rows, found.Rejected, found.Last = sizes.Deliveries, sizes.Rows, sizes.Rejected, sizes.Last
		return err
	})
	if errors.Is(err, store.ErrCorrupt) {
		found.Findings = append(found.Findings, finding{Path: app.PlaceOf(v.dir), What: strings.ReplaceAll(err.Error(), "\n", "; "), Todo: "restore the store from a backup"})
	} else if err != nil {
		return err
	}
	if err := write(w, v.out, func(out io.Writer) error { return v.result(w, out, &found) }); err != nil {
		return err
	}
	if len(found.Findings) > 0 {
		return &status{code: exitAsked}
	}
	return nil
}

func (v *verifying) result(w world, out io.Writer, found *verification) error {
	switch v.format {
	case formatJSON:
		return report.JSON(out, found)
	case formatCSV:
		rows := [][]string{{"path", "what", "todo"}}
		for _, f := range found.Findings {
			rows = append(rows, []string{f.Path, f.What, f.Todo})
		}
		return csv.NewWriter(out).WriteAll(rows)
	}
	l := v.language(w)
	if len(found.Findings) == 0 {
		_, err := fmt.Fprintln(out, l.Say("store.sound", app.PlaceOf(v.dir), found.Deliveries, found.Rows+found.Rejected, found.Last))
		return err
	}
	for _, f := range found.Findings {
		if _, err := fmt.Fprintln(out, l.Say("store.finding", f.Path, f.What, f.Todo)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, l.Say("store.findings", len(found.Findings)))
	return err
}

// backing is the command store backup.
type backing struct {
	storing
	to string
}

func addBackup(parent *kingpin.CmdClause) (string, func(world) error) {
	b := &backing{}
	c := parent.Command("backup", "Copy a store, as it is at one moment, into a new or empty folder, and check the copy. The store may be running.")
	b.dirArg(c)
	c.Arg("to", "The folder of the copy.").Required().StringVar(&b.to)
	b.langFlag(c)
	return c.FullCommand(), b.run
}

func (b *backing) run(w world) error {
	if clickhouse.IsURL(b.dir) {
		place := app.PlaceOf(b.dir)
		return usage("%s", b.language(w).Say("store.backup-url", place, place))
	}
	if within(b.to, b.dir) {
		return usage("%s lies within the store: give another folder", b.to)
	}
	if err := b.copy(); err != nil {
		return err
	}
	b.dir = b.to
	return b.reading(w, func(st store.Keeper) error {
		sizes := st.Stats()
		_, err := fmt.Fprintln(w.stdout, b.language(w).Say("store.backup", b.to, sizes.Deliveries, sizes.Rows+sizes.Rejected, sizes.Last, sizes.Bytes))
		return err
	})
}

// copy copies the store.
func (b *backing) copy() (failed error) {
	st, err := store.OpenReadOnly(b.dir)
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, st.Close()) }()
	return st.Backup(context.Background(), b.to)
}

// within says whether a path is a folder or lies in it.
func within(path, folder string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return false
	}
	return path == folder || strings.HasPrefix(path, folder+string(os.PathSeparator))
}

// listing is the command store list.
type listing struct {
	storing
	query store.Query
}

func addList(parent *kingpin.CmdClause) (string, func(world) error) {
	l := &listing{}
	c := parent.Command("list", "List the deliveries of a store: who told what, and when. The store may be running.")
	l.dirArg(c)
	c.Flag("source", "Only those of this source.").PlaceHolder("NAME").StringVar(&l.query.Source)
	c.Flag("newest", "The last ones first.").BoolVar(&l.query.Newest)
	c.Flag("after", "Only those behind this delivery in the order of the list.").PlaceHolder("DELIVERY").Int64Var(&l.query.After)
	c.Flag("limit", "How many at most.").Default("100").IntVar(&l.query.Limit)
	l.flags(c)
	return c.FullCommand(), l.run
}

func (l *listing) run(w world) error {
	if l.query.Limit < 1 {
		return usage("--limit %d: want 1 or more", l.query.Limit)
	}
	if l.query.After < 0 {
		return usage("--after %d: want the number of a delivery", l.query.After)
	}
	limit := l.query.Limit
	l.query.Limit++ // one more tells whether there are others
	return l.reading(w, func(st store.Keeper) error {
		list, err := st.Deliveries(context.Background(), l.query)
		if err != nil {
			return err
		}
		more := len(list) > limit
		if more {
			list = list[:limit]
		}
		return write(w, l.out, func(out io.Writer) error { return l.result(w, out, list, more) })
	})
}

func (l *listing) result(w world, out io.Writer, list []store.DeliveryInfo, more bool) error {
	switch l.format {
	case formatJSON:
		return report.JSON(out, app.ListOf(list, more))
	case formatCSV:
		rows := [][]string{{"delivery", "kind", "source", "channel", "name", "who", "received", "first", "last", "sha256", "rows", "stored", "rejected", "skipped", "withdrawn_by"}}
		for i := range list {
			d := &list[i]
			rows = append(rows, []string{
				integer(d.ID), d.Kind.String(), d.Source, d.Channel, d.Name, d.Who, d.Received.UTC().Format(time.RFC3339Nano), integer(d.First), integer(d.Last),
				d.SHA256, strconv.Itoa(d.Rows), strconv.Itoa(d.Stored), strconv.Itoa(d.Rejected), strconv.Itoa(d.Skipped), integer(d.WithdrawnBy),
			})
		}
		return csv.NewWriter(out).WriteAll(rows)
	}
	show := l.show(w)
	if err := report.Deliveries(out, deliveries(list), show); err != nil || !more {
		return err
	}
	_, err := fmt.Fprintln(out, show.Language.Say("store.more"))
	return err
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

// deliveries are those of a list as a table shows them.
func deliveries(list []store.DeliveryInfo) []report.Delivery {
	var all []report.Delivery
	for i := range list {
		d := &list[i]
		shown := report.Delivery{
			Number: d.ID, Kind: d.Kind.String(), Source: d.Source, Channel: d.Channel, Name: d.Name, Received: d.Received.UTC().Format(time.RFC3339),
			First: d.First, Last: d.Last, Rows: d.Rows, Rejected: d.Rejected, WithdrawnBy: d.WithdrawnBy,
		}
		if d.Kind == store.Withdrawal {
			shown.Name = strings.Join(d.Warnings, "; ") // the reason
		}
		all = append(all, shown)
	}
	return all
}

// withdrawing is the command store withdraw.
type withdrawing struct {
	storing
	delivery int64
	reason   string
}

func addWithdraw(parent *kingpin.CmdClause) (string, func(world) error) {
	t := &withdrawing{}
	c := parent.Command("withdraw", "Let a delivery count no longer from now on. What was known before stays as it was. A store in a folder must not be running.")
	t.dirArg(c)
	c.Arg("delivery", "The number of the delivery, as store list shows it.").Required().Int64Var(&t.delivery)
	c.Flag("reason", "Why, which the store keeps.").Required().PlaceHolder("TEXT").StringVar(&t.reason)
	t.langFlag(c)
	return c.FullCommand(), t.run
}

func (t *withdrawing) run(w world) error {
	if strings.TrimSpace(t.reason) == "" {
		return usage("--reason is empty: say why, for those who look back")
	}
	var d store.DeliveryInfo
	err := t.reading(w, func(st store.Keeper) (err error) { // what is no store is not made one
		d, err = st.Delivery(context.Background(), t.delivery)
		return err
	})
	if errors.Is(err, store.ErrUnknown) {
		return usage("%v", err)
	}
	if err != nil {
		return err
	}
	receipt, err := t.withdraw(w)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.stdout, withdrawn(t.language(w), &d, receipt))
	return err
}

// withdraw opens the store for writing and withdraws the delivery.
func (t *withdrawing) withdraw(w world) (receipt store.Receipt, failed error) {
	st, err := app.Keep(context.Background(), w.place(t.dir), w.now)
	if err != nil {
		return receipt, err
	}
	defer func() { failed = errors.Join(failed, st.Close()) }()
	return st.Withdraw(context.Background(), t.delivery, userName(), t.reason)
}

// userName is who runs the program, as far as the system knows.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// withdrawn says what was withdrawn.
func withdrawn(l wording.Language, d *store.DeliveryInfo, r store.Receipt) string {
	if r.Again {
		return l.Say("store.again", d.ID, r.Delivery)
	}
	return l.Say("store.withdrawn", d.ID, r.Delivery, d.Kind.String(), d.Name, d.Source, d.Received.UTC().Format(time.RFC3339), d.Rows)
}
