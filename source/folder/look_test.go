package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// long is an instant at which the files of a test have been quiet for long.
var long = time.Date(2022, time.March, 1, 8, 0, 0, 0, time.UTC)

// tree writes files, each with its path as content, that are an hour old at long.
func tree(t testing.TB, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		put(t, filepath.Join(dir, name), name, long.Add(-time.Hour))
	}
	return dir
}

func put(t testing.TB, path, content string, modified time.Time) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, modified, modified)); err != nil {
		t.Fatal(err)
	}
}

// found lists the paths of files below dir.
func found(dir string, files []File) []string {
	names := []string{}
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f.Path, dir+"/"))
	}
	return names
}

// wrong lists faults as text, with places below dir.
func wrong(dir string, faults []Fault) []string {
	texts := []string{}
	for _, f := range faults {
		texts = append(texts, strings.TrimPrefix(f.Place, dir+"/")+": "+f.Err.Error())
	}
	return texts
}

func TestLook(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		files  []string
		extra  func(dir string) error
		places []string
		want   []string
		faults []string
	}{
		{name: "a file", files: []string{"a.csv", "b.csv"}, places: []string{"a.csv"}, want: []string{"a.csv"}},
		{name: "a folder and those below", files: []string{"d/a.csv", "d/e/f/b.csv", "c.csv"}, places: []string{"d"}, want: []string{"d/a.csv", "d/e/f/b.csv"}},
		{name: "an empty folder", files: []string{".keep"}, places: []string{"."}, want: []string{}},
		{name: "a pattern", files: []string{"a1.csv", "a2.csv", "b.csv"}, places: []string{"a?.csv"}, want: []string{"a1.csv", "a2.csv"}},
		{name: "a pattern of folders", files: []string{"2021/a.csv", "2022/x/b.csv", "old/c.csv"}, places: []string{"20[0-9][0-9]"}, want: []string{"2021/a.csv", "2022/x/b.csv"}},
		{name: "signs of a pattern in a name", files: []string{"a[1].csv"}, places: []string{"a[1].csv"}, want: []string{"a[1].csv"}},
		{name: "a file by two places", files: []string{"d/a.csv"}, places: []string{"d", "d/*.csv", "d/a.csv"}, want: []string{"d/a.csv"}},
		{name: "names of other encodings", files: []string{"d/\xcd\xa3\xb5\xe7.csv", "d/停电.csv"}, places: []string{"d"}, want: []string{"d/\xcd\xa3\xb5\xe7.csv", "d/停电.csv"}},
		{
			name: "hidden and not finished", places: []string{"d"}, want: []string{"d/a.csv"},
			files: []string{"d/a.csv", "d/.a.csv", "d/~$a.xlsx", "d/a.csv~", "d/a.csv.tmp", "d/a.csv.PART", "d/.git/b.csv", "d/x.tmp/c.csv"},
		},
		{name: "hidden in a pattern", files: []string{"a.csv", "a.csv.tmp", ".b.csv"}, places: []string{"*"}, want: []string{"a.csv"}},
		{name: "hidden, asked for by its name", files: []string{".a/b.csv", ".c.csv"}, places: []string{".a", ".c.csv"}, want: []string{".a/b.csv", ".c.csv"}},
		{name: "nothing there", places: []string{"no.csv", "no/where"}, want: []string{}, faults: []string{"no.csv: no such file or directory", "no/where: no such file or directory"}},
		{name: "below a file", files: []string{"a.csv"}, places: []string{"a.csv/b"}, want: []string{}, faults: []string{"a.csv/b: not a directory"}},
		{name: "no match", files: []string{"a.csv"}, places: []string{"*.xlsx"}, want: []string{}, faults: []string{"*.xlsx: nothing matches the pattern"}},
		{name: "a bad pattern", places: []string{"[a"}, want: []string{}, faults: []string{"[a: pattern: syntax error in pattern"}},
		{
			name: "a place that is a link to a folder", files: []string{"d/e/a.csv"}, places: []string{"link"}, want: []string{"link/e/a.csv"},
			extra: func(dir string) error { return os.Symlink("d", filepath.Join(dir, "link")) },
		},
		{
			name: "links in a folder", files: []string{"a.csv", "e/b.csv"}, places: []string{"d"}, want: []string{"d/a.csv"},
			extra: func(dir string) error {
				return errors.Join(os.Mkdir(filepath.Join(dir, "d"), 0o755), os.Symlink("../a.csv", filepath.Join(dir, "d/a.csv")),
					os.Symlink("../e", filepath.Join(dir, "d/e")), os.Symlink("../no", filepath.Join(dir, "d/no.csv")))
			},
			faults: []string{"d/e: a link to a folder is not followed: give that folder by its own name", "d/no.csv: a link to nothing"},
		},
		{
			name: "a link to itself", places: []string{"l"}, want: []string{},
			extra:  func(dir string) error { return os.Symlink("l", filepath.Join(dir, "l")) },
			faults: []string{"l: too many levels of symbolic links"},
		},
		{
			name: "pipes", files: []string{"d/a.csv"}, places: []string{"d", "p"}, want: []string{"d/a.csv"},
			extra: func(dir string) error {
				return errors.Join(syscall.Mkfifo(filepath.Join(dir, "p"), 0o644), syscall.Mkfifo(filepath.Join(dir, "d/q.csv"), 0o644))
			},
			faults: []string{"d/q.csv: neither a file nor a folder: give files of events", "p: neither a file nor a folder: give files of events"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, tt.files...)
			if tt.extra != nil {
				if err := tt.extra(dir); err != nil {
					t.Fatal(err)
				}
			}
			f := &Folder{Quiet: DefaultQuiet}
			for _, place := range tt.places {
				f.Places = append(f.Places, filepath.Join(dir, place))
			}
			look := f.Look(long.AddDate(100, 0, 0)) // links are as old as the test
			if diff := cmp.Diff(tt.want, found(dir, look.Files)); diff != "" {
				t.Errorf("files differ (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tt.faults...), wrong(dir, look.Faults)); diff != "" {
				t.Errorf("faults differ (-want +got):\n%s", diff)
			}
			if len(look.Writing) > 0 || look.Again != 0 {
				t.Errorf("got %v being written, again after %v, want none", look.Writing, look.Again)
			}
		})
	}
}

// A file that could not be looked at for another reason than that it is gone is a
// fault, also in the middle of a folder.
func TestNameTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	_, faults := list(filepath.Join(t.TempDir(), long))
	if len(faults) != 1 || faults[0].Err.Error() != "file name too long" {
		t.Errorf("got %v, want one fault", faults)
	}
	if _, err := within(filepath.Join(t.TempDir(), long)); err == nil {
		t.Error("got no error within a folder")
	}
	if f, err := within(filepath.Join(t.TempDir(), "gone")); err != nil || f.Path != "" {
		t.Errorf("got %v, %v of a file that is gone, want neither", f, err)
	}
}

// What walking is told of folders that cannot be read, or are gone.
func TestWalkErrors(t *testing.T) {
	t.Parallel()
	var told []error
	note := func(_ string, _ fs.DirEntry, err error) error {
		told = append(told, err)
		return err
	}
	if err := walk(filepath.Join(t.TempDir(), "gone"), note); !errors.Is(err, fs.ErrNotExist) || len(told) != 1 {
		t.Errorf("got %v, told %v, want the folder that is not there", err, told)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	dir := tree(t)
	for name, age := range map[string]time.Duration{"c": 3, "a": 2, "b": 2, "d/a": 4, "z": 5} {
		put(t, filepath.Join(dir, name), name, long.Add(-age*time.Hour))
	}
	look := (&Folder{Places: []string{dir}}).Look(long)
	if diff := cmp.Diff([]string{"z", "d/a", "c", "a", "b"}, found(dir, look.Files)); diff != "" {
		t.Errorf("order differs (-want +got):\n%s", diff)
	}
}

// Compare is an order in which no two files are alike that differ in path.
func TestCompareIsAnOrder(t *testing.T) {
	t.Parallel()
	file := rapid.Custom(func(t *rapid.T) File {
		return File{rapid.StringMatching(`[ab]{1,2}`).Draw(t, "path"), rapid.Int64Range(0, 2).Draw(t, "size"), long.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "at")))}
	})
	rapid.Check(t, func(t *rapid.T) {
		f, g, h := file.Draw(t, "f"), file.Draw(t, "g"), file.Draw(t, "h")
		if Compare(f, g) != -Compare(g, f) || (Compare(f, g) == 0) != (f.Path == g.Path && f.Modified.Equal(g.Modified)) {
			t.Errorf("%v and %v: got %d and %d", f, g, Compare(f, g), Compare(g, f))
		}
		if Compare(f, g) <= 0 && Compare(g, h) <= 0 && Compare(f, h) > 0 {
			t.Errorf("%v ≤ %v ≤ %v, but not the first and the last", f, g, h)
		}
		if f.Same(g) && Compare(f, g) != 0 {
			t.Errorf("%v and %v are the same and apart", f, g)
		}
	})
}

// A file that changes is left alone until it has been quiet for long enough.
func TestQuiet(t *testing.T) {
	t.Parallel()
	dir := tree(t, "old.csv")
	f := &Folder{Places: []string{dir}, Quiet: 10 * time.Second}
	path := filepath.Join(dir, "new.csv")
	steps := []struct {
		name    string
		do      func()
		at      time.Duration
		want    []string
		writing []string
		again   time.Duration
	}{
		{"before", func() {}, 0, []string{"old.csv"}, nil, 0},
		{"it appears", func() { put(t, path, "1", long.Add(time.Second)) }, 3 * time.Second, []string{"old.csv"}, []string{"new.csv"}, 8 * time.Second},
		{"it grows", func() { put(t, path, "12", long.Add(9*time.Second)) }, 12 * time.Second, []string{"old.csv"}, []string{"new.csv"}, 7 * time.Second},
		{"an older one is nearer", func() { put(t, filepath.Join(dir, "mid.csv"), "", long.Add(7*time.Second)) }, 14 * time.Second, []string{"old.csv"}, []string{"mid.csv", "new.csv"}, 3 * time.Second},
		{"it is whole", func() {}, 19 * time.Second, []string{"old.csv", "mid.csv", "new.csv"}, nil, 0},
		{"a clock that is behind", func() { put(t, path, "123", long.Add(time.Hour)) }, 30 * time.Second, []string{"old.csv", "mid.csv"}, []string{"new.csv"}, 10 * time.Second},
		{"is waited for once", func() {}, 40 * time.Second, []string{"old.csv", "mid.csv", "new.csv"}, nil, 0},
		{"it goes", func() { _ = os.Remove(path) }, 41 * time.Second, []string{"old.csv", "mid.csv"}, nil, 0},
	}
	for _, s := range steps {
		s.do()
		look := f.Look(long.Add(s.at))
		var writing []string
		for _, path := range look.Writing {
			writing = append(writing, filepath.Base(path))
		}
		if got := found(dir, look.Files); !slices.Equal(got, s.want) || !slices.Equal(writing, s.writing) || look.Again != s.again {
			t.Errorf("%s: got %v, writing %v, again %v, want %v, %v, %v", s.name, got, writing, look.Again, s.want, s.writing, s.again)
		}
	}
	if look := (&Folder{Places: []string{path}}).Look(long); len(look.Faults) != 1 {
		t.Errorf("got %v of a place that is gone, want a fault", look)
	}
	put(t, path, "1", long)
	if look := (&Folder{Places: []string{path}}).Look(long); len(look.Files) != 1 {
		t.Errorf("without a time of quiet: got %v, want the file at once", look)
	}
}

func TestHides(t *testing.T) {
	t.Parallel()
	tests := []struct {
		place, path string
		want        bool
	}{
		{"/d/a.csv", "/d/a.csv", true}, {"/d", "/d/e/a.csv", true}, {"/d/", "/d/a.csv", true}, {"/", "/d/a.csv", true},
		{"/d", "/da.csv", false}, {"/d/a.csv", "/d/b.csv", false}, {"/d/a.csv/b", "/d/a.csv", false},
		{"/d/*.csv", "/d/a.csv", true}, {"/d/*.csv", "/d/a.xlsx", false}, {"/d/20*", "/d/2022/x/a.csv", true},
		{"d/*", "d/a.csv", true}, {"/d/a[1].csv", "/d/a[1].csv", true}, {"/d/[", "/d/a.csv", false},
	}
	for _, tt := range tests {
		t.Run(tt.place+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			if got := (Fault{Place: tt.place}).Hides(tt.path); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}
