package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/outage"
)

// sample is a store with something of everything: a tail, a segment made of the
// tail, one of a single delivery, a base, a withdrawal, a replaced file, and a
// position that was noted again.
func sample(t failer, dir string) {
	t.Helper()
	ctx := context.Background()
	s := openedOnDemand(t, dir, 10)
	covered := head("01")
	covered.Covers = drawnCovers()
	put(t, s, covered, eventsOf(6, "a"))
	put(t, s, head("02"), eventsOf(6, "b"))
	if err := s.compact(ctx); err != nil {
		t.Fatal(err)
	}
	rows := eventsOf(25, "c")
	rows[3].Rejected, rows[3].Reason, rows[3].Column, rows[3].Value = true, "bad-time", "start", "yesterday\xff"
	rows[4].TechnicalCause, rows[4].CapacityKVA, rows[4].Flags = "雷击", 315.5, 1
	put(t, s, head("03"), rows)
	file := Head{Stream: Stream{Kind: Events, Source: "oms", Channel: File, Name: "events.csv", Content: "csv"}, SHA256: "04", Position: "1", Replace: true}
	put(t, s, file, eventsOf(2, "d"))
	file.SHA256 = "05"
	put(t, s, file, eventsOf(3, "e"))
	file.Position = "2"
	put(t, s, file, eventsOf(3, "e"))
	base := s.Begin()
	if err := base.AddBase(baseRows(4)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, Told{Head{Stream: Stream{Kind: Base, Source: "gis", Channel: File, Name: "customers.csv"}, SHA256: "06"}, base}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Withdraw(ctx, 2, "me", "a mistake"); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
}

// soundness is what can be read of a store, or an error.
func soundness(dir string) (st string, err error) {
	s, err := OpenReadOnly(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	ctx := context.Background()
	findings, err := s.Verify(ctx)
	if err != nil || len(findings) > 0 {
		return "", errors.Join(err, fmt.Errorf("%+v", findings))
	}
	return narrative(ctx, s)
}

// narrative writes down what a store says, row by row.
func narrative(ctx context.Context, s *Store) (string, error) {
	rows, err := tryRead(s, 0, 0)
	if err != nil {
		return "", err
	}
	var text []byte
	for _, d := range rows {
		text = fmt.Appendf(text, "delivery %d of stream %d, received %d\n", d.Delivery, d.Stream, d.Received)
		for _, r := range d.Rows {
			if r.Rejected {
				text = appendRejection(text, &outage.Rejection{Event: r.Event, Column: r.Column, Value: r.Value, Reason: outage.Reason(r.Reason)})
			} else {
				text = appendRow(text, &r.Event)
			}
		}
	}
	base, err := s.Base(ctx, 0)
	if err != nil {
		return "", err
	}
	for _, b := range base {
		for _, r := range b.Rows {
			text = fmt.Appendf(text, "base of delivery %d: %s:%d %s %s %s %d %d %d\n", b.Delivery, r.Path, r.Row, r.Feeder, r.Area, r.Class, r.Customers, r.ValidFrom, r.ValidTo)
		}
	}
	list, err := s.Deliveries(ctx, Query{})
	if err != nil {
		return "", err
	}
	for _, d := range list {
		spec, err := d.spec()
		if err != nil {
			return "", err
		}
		text = fmt.Appendf(text, "delivery %d: sequences %d to %d, %s, %q, %d stored, %d rejected, covers %v, position %q, warnings %q, withdrawn by %d: %s\n",
			d.ID, d.First, d.Last, d.Received.Format(time.RFC3339Nano), d.SHA256, d.Stored, d.Rejected, d.Covers, d.Position, d.Warnings, d.WithdrawnBy, spec)
	}
	position, err := s.Position(ctx, "oms")
	return string(fmt.Appendf(text, "position of oms %q\n", position)), err
}

// A byte that turned in a segment is found when it is read.
func TestTurnedByteOfSegment(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "store")
	sample(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, segmentFolder, "*.parquet"))
	if err != nil || len(files) != 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(data); at += 211 {
			turnByte(t, path, data, at)
			s, err := OpenReadOnly(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, readErr := tryRead(s, 0, 0)
			_, baseErr := s.Base(context.Background(), 0)
			if err := errors.Join(readErr, baseErr); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
				t.Fatalf("byte %d of %s: %v", at, path, err)
			}
			findings, err := s.Verify(context.Background())
			if err != nil || len(findings) == 0 || findings[0].Path != path {
				t.Fatalf("byte %d of %s: %v, %v", at, path, findings, err)
			}
			closed(t, s)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := soundness(dir); err != nil {
		t.Error(err)
	}
}

func turnByte(t *testing.T, path string, data []byte, at int) {
	t.Helper()
	turned := append([]byte(nil), data...)
	turned[at] ^= 0x10
	if err := os.WriteFile(path, turned, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A byte that turned in the catalogue is found, or says nothing.
func TestTurnedByteOfCatalogue(t *testing.T) {
	t.Parallel()
	dir := quickFolder(t)
	defer func() { _ = os.RemoveAll(dir) }()
	sample(t, dir)
	path := filepath.Join(dir, catalogueName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := soundness(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for at := 0; at < len(data); at++ {
		if data[at] == 0 && at%1009 != 0 || at%23 != 0 {
			continue // mostly space that nothing uses
		}
		turnByte(t, path, data, at)
		got, err := soundness(dir)
		if err != nil {
			found++
		} else if got != want {
			t.Errorf("byte %d: nothing is found, and it reads\n%s\nwant\n%s", at, got, want)
		}
	}
	if found < 100 {
		t.Errorf("%d bytes found", found)
	}
}

// changed opens the catalogue and changes it.
func changed(t *testing.T, dir, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", dataSource(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1; " + text); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Verify finds each kind of damage and says where it is; a sound store has none.
func TestVerify(t *testing.T) {
	t.Parallel()
	tail := func(dir string) string { return filepath.Join(dir, segmentFolder, segmentName(1, 6)) }
	single := func(dir string) string { return filepath.Join(dir, segmentFolder, segmentName(13, 37)) }
	tests := []struct {
		name   string
		damage func(dir string) error
		path   string // below the store
		what   string
	}{
		{"nothing", func(string) error { return nil }, "", ""},
		{"no segment", func(dir string) error { return os.Remove(tail(dir)) }, segmentFolder + "/" + segmentName(1, 6), "the file is missing"},
		{"short segment", func(dir string) error { return os.Truncate(single(dir), 900) }, segmentFolder + "/" + segmentName(13, 37), "has 900 bytes"},
		{"another segment", func(dir string) error {
			data, err := os.ReadFile(tail(dir))
			return errors.Join(err, os.WriteFile(single(dir), data, 0o644))
		}, segmentFolder + "/" + segmentName(13, 37), "SHA-256"},
		{"no base", func(dir string) error {
			return os.Remove(filepath.Join(dir, segmentFolder, "base-000000000006.parquet"))
		},
			segmentFolder + "/base-000000000006.parquet", "the file is missing"},
		{"left behind", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, segmentFolder, "x.parquet"), nil, 0o644)
		},
			segmentFolder + "/x.parquet", "does not name"},
		{"put aside", func(dir string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, unusedFolder), 0o755), os.WriteFile(filepath.Join(dir, unusedFolder, "y.parquet"), nil, 0o644))
		}, unusedFolder + "/y.parquet", "does not name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "store")
			sample(t, dir)
			if err := tt.damage(dir); err != nil {
				t.Fatal(err)
			}
			checkFindings(t, dir, tt.path, tt.what)
		})
	}
}

// checkFindings looks for one in a file that says something; for none where no
// file is named.
func checkFindings(t *testing.T, dir, path, what string) {
	t.Helper()
	s, err := OpenReadOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	findings, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if path == "" {
		if len(findings) > 0 {
			t.Errorf("%+v in a sound store", findings)
		}
		return
	}
	for _, f := range findings {
		if f.Path == filepath.Join(dir, path) && strings.Contains(f.What, what) && f.Todo != "" {
			return
		}
	}
	t.Errorf("findings %+v, want one in %s that says %q", findings, path, what)
}

// Damage of the catalogue that SQLite takes for valid is found too, row by row.
func TestVerifyCatalogue(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, what string }{
		{"row changed", "UPDATE delivery SET received = received + 1 WHERE id = 2", "row 2 of the catalogue's table delivery"},
		{"delivery gone", "DELETE FROM delivery WHERE id = 3", "delivery 4 comes behind delivery 2"},
		{"tail gone", "DELETE FROM tail WHERE delivery = 4", "the rows of delivery 4 are neither in the tail nor in a segment"},
		{"tail changed", "UPDATE tail SET rows = replace(rows, '10', '11')", "table tail"},
		{"tail of another", "UPDATE tail SET delivery = 6 WHERE delivery = 4", "table tail"},
		{"segment gone", "DELETE FROM segment WHERE from_delivery = 3", "the rows of delivery 3 are neither"},
		{"segment changed", "UPDATE segment SET rows = rows + 1", "table segment"},
		{"sums gone", "DELETE FROM segment_stream WHERE segment = 1", "not their sum"},
		{"sums changed", "UPDATE segment_stream SET stored = stored + 1", "table segment_stream"},
		{"withdrawal changed", "UPDATE withdrawal SET by = 7 WHERE by < 7", "table withdrawal"},
		{"stream changed", "UPDATE stream SET name = 'other' WHERE id = 1", "table stream"},
		{"note changed", "UPDATE note SET position = '3'", "table note"},
		{"base gone", "DELETE FROM base", "the base of delivery 6 has no file"},
		{"base changed", "UPDATE base SET rows = 3", "table base"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "store")
			sample(t, dir)
			changed(t, dir, tt.text)
			s, err := OpenReadOnly(dir)
			if err != nil {
				if !errors.Is(err, ErrCorrupt) {
					t.Fatal(err)
				}
				return // it says so at once
			}
			defer closed(t, s)
			findings, err := s.Verify(context.Background())
			if err != nil || !strings.Contains(fmt.Sprint(findings), tt.what) {
				t.Errorf("findings %+v, %v, want one that says %q", findings, err, tt.what)
			}
		})
	}
}

// What is no store, or not one of this program, is told apart when it is opened.
func TestOpenErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(dir string) error
		is      error
		says    string
	}{
		{"newer", func(dir string) error { return nil }, ErrNewer, "has format 3, this program knows up to 1: use a newer program"},
		{"another database", func(dir string) error { return nil }, ErrCorrupt, "is not the catalogue of a store"},
		{"no database", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, catalogueName), []byte(strings.Repeat("no database\n", 1000)), 0o644)
		}, ErrCorrupt, "is not the catalogue of a store"},
		{"no catalogue", func(dir string) error { return os.Remove(filepath.Join(dir, catalogueName)) }, ErrCorrupt, "has segments and no catalogue"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "store")
			sample(t, dir)
			switch tt.name {
			case "newer":
				changed(t, dir, "PRAGMA user_version = 3")
			case "another database":
				changed(t, dir, "PRAGMA application_id = 5")
			}
			if err := tt.prepare(dir); err != nil {
				t.Fatal(err)
			}
			s, err := Open(dir, Options{Now: clock()})
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("store %v, error %v, want one that says %q", s, err, tt.says)
			}
		})
	}
	t.Run("a file", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "store")
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(path, Options{Now: clock()}); err == nil || !strings.Contains(err.Error(), "should be a folder") {
			t.Errorf("store %v, error %v", s, err)
		}
	})
	t.Run("nothing to read", func(t *testing.T) {
		t.Parallel()
		if s, err := OpenReadOnly(filepath.Join(t.TempDir(), "store")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("store %v, error %v", s, err)
		}
	})
	t.Run("in use", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := opened(t, dir, 10)
		defer closed(t, s)
		if other, err := Open(dir, Options{Now: clock()}); !errors.Is(err, ErrInUse) || !strings.HasSuffix(err.Error(), "is in use by another process: stop it first") {
			t.Errorf("store %v, error %v", other, err)
		}
	})
}
