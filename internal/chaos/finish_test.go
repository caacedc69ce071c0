package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// A moment is a report that was right.
type moment struct {
	report
	text []byte
}

// mostKept is how many moments are made again at the end.
const mostKept = 5

// keep keeps a moment now and then.
func (r *run) keep() {
	if len(r.kept) == mostKept {
		r.kept = r.kept[1:]
	}
	r.kept = append(r.kept, r.said)
}

// finish checks everything once more, after a kill and after an end in order;
// then the report of one file of all records, and the store without the exporter.
func (r *run) finish(ctx context.Context) error {
	if err := r.check(ctx, true); err != nil {
		return err
	}
	r.gate.Lock()
	defer r.gate.Unlock()
	if err := r.exporter.kill(); err != nil {
		return err
	}
	if err := r.verify(ctx); err != nil {
		return err
	}
	if err := r.exporter.start(); err != nil {
		return err
	}
	if _, err := r.exporter.ready(ctx); err != nil {
		return err
	}
	if err := r.ledger.reread(ctx); err != nil {
		return err
	}
	if err := r.settled(ctx); err != nil {
		return err
	}
	if err := r.inOneFile(ctx); err != nil {
		return err
	}
	r.exporter.End(syscall.SIGTERM)
	if err := r.verify(ctx); err != nil {
		return err
	}
	r.keep()
	return r.recall(ctx)
}

// folder is that of the store.
func (r *run) folder() string { return filepath.Join(r.exporter.dir, "store") }

// verify lets the program look at the store, which may be in use. What a kill left
// behind may lie there; everything else is damage.
func (r *run) verify(ctx context.Context) error {
	out, err := r.command(ctx, 1, "store", "verify", "--format", "json", r.folder())
	if err != nil {
		return err
	}
	var found struct {
		Findings []struct{ Path, What string }
		Last     int64
	}
	if err := json.Unmarshal(out, &found); err != nil {
		return fmt.Errorf("store verify: %w", err)
	}
	for _, f := range found.Findings {
		if f.What != "the catalogue does not name it" {
			return fmt.Errorf("store verify: %s: %s", f.Path, f.What)
		}
		r.counted["files that a kill left behind"]++
	}
	if found.Last < r.ledger.last() {
		return fmt.Errorf("store verify: it ends at %d, and %d was listed", found.Last, r.ledger.last())
	}
	r.counted["times the store was verified"]++
	return nil
}

// command runs a command of the program, which may also end with a status other
// than zero.
func (r *run) command(ctx context.Context, also int, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, r.exporter.path, args...)
	var complaint strings.Builder
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil && c.ProcessState.ExitCode() != also {
		return nil, fmt.Errorf("saidi %q: %w\n%s", args, err, complaint.String())
	}
	return out, nil
}

// inOneFile compares the last report with that of one file of all records, in the
// areas where events overlap, too.
func (r *run) inOneFile(ctx context.Context) error {
	path := filepath.Join(r.exporter.dir, "records.ndjson")
	list := r.model.records()
	r.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if err := os.WriteFile(path, ndjson.write(list), 0o600); err != nil {
		return err
	}
	return r.same(ctx, &r.said, "indices equal to those of one file of all records", "--base", filepath.Join(r.exporter.dir, "base.csv"), path)
}

// recall makes reports again from the store, as it was known when they were given.
func (r *run) recall(ctx context.Context) error {
	for i := range r.kept {
		m := &r.kept[i]
		known := fmt.Sprint(m.Provenance.KnownAt)
		if err := r.same(ctx, m, "indices equal to those as known before", "--store", r.folder(), "--known-at", known); err != nil {
			return err
		}
		r.counted["reports made again as known before"]++
	}
	return nil
}

// same holds a report against that of the command for the same instant.
func (r *run) same(ctx context.Context, m *moment, what string, args ...string) error {
	args = append([]string{"report", "--format", "json", "--as-of", m.Provenance.AsOf}, args...)
	text, err := r.command(ctx, 0, args...)
	if err != nil {
		return err
	}
	n, err := sameIndices(m.text, text)
	if err != nil {
		return fmt.Errorf("the exporter and saidi %q: %w", args, err)
	}
	r.counted[what] += n
	return nil
}

// sameIndices compares the indices of two reports, and says how many there are.
// Those of distinct customers are left out, as the exporter does not show them.
func sameIndices(got, want []byte) (int, error) {
	type indices struct{ Indices []map[string]any }
	var a, b indices
	for _, x := range []struct {
		text []byte
		to   *indices
	}{{got, &a}, {want, &b}} {
		if err := json.Unmarshal(x.text, x.to); err != nil {
			return 0, err
		}
	}
	if len(a.Indices) != len(b.Indices) || len(a.Indices) == 0 {
		return 0, fmt.Errorf("%d indices, want %d", len(a.Indices), len(b.Indices))
	}
	for i := range a.Indices {
		x, err := asText(a.Indices[i])
		if err != nil {
			return 0, err
		}
		y, err := asText(b.Indices[i])
		if err != nil {
			return 0, err
		}
		if x != y {
			return 0, fmt.Errorf("an index is %s, want %s", x, y)
		}
	}
	return len(a.Indices), nil
}

// asText is an index as a text.
func asText(index map[string]any) (string, error) {
	for _, name := range []string{"ctaidi_hours", "caifi", "cemi", "celid"} {
		delete(index, name)
	}
	text, err := json.Marshal(index)
	return string(text), err
}
