package browse

import (
	"fmt"
	"image"
	_ "image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/wording"
)

// A province is a folder with the files of a synthetic province.
type province struct{ dir string }

// newProvince makes two years of a small province.
func (s *station) newProvince(t *testing.T) *province {
	t.Helper()
	p := &province{t.TempDir()}
	program.Output(t, p.dir, s.saidi, "simulate", "--years", "2021..2022", "--scale", "0.05", "--level", "unit", "--out", ".")
	return p
}

// report writes the report that is handed in, under a name that says in which form.
func (s *station) report(t *testing.T, p *province, name string, l wording.Language) string {
	t.Helper()
	program.Output(t, p.dir, s.saidi, "report", "--mapping", "mapping.yaml", "--base", "customers.csv", "--lang", string(l), "--out", name, "events.csv", "events-late.csv")
	return filepath.Join(p.dir, name)
}

// The report as HTML is printed on A4: every page has its number and something on
// it, none has anything at its edge, and no table is left out. On a screen it fits a
// phone and breaks no rule of accessibility.
func testPaper(t *testing.T, s *station) {
	chromium, info, text, picture := program.Need(t, "chromium", "chromium"), program.Need(t, "pdfinfo", "poppler-utils"), program.Need(t, "pdftotext", "poppler-utils"), program.Need(t, "pdftoppm", "poppler-utils")
	p := s.newProvince(t)
	files := httptest.NewServer(http.FileServer(http.Dir(p.dir)))
	t.Cleanup(files.Close)
	for _, l := range languages() {
		t.Run(string(l), func(t *testing.T) {
			s.report(t, p, string(l)+".html", l)
			captions := s.onScreen(t, &saidi{url: files.URL}, "/"+string(l)+".html")
			program.Output(t, p.dir, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir="+t.TempDir(),
				"--print-to-pdf="+string(l)+".pdf", string(l)+".html")
			pages := checkSheets(t, program.Output(t, p.dir, info, "-f", "1", "-l", "9999", string(l)+".pdf"))
			checkWords(t, l, pages, captions, program.Output(t, p.dir, text, "-layout", string(l)+".pdf", "-"))
			program.Output(t, p.dir, picture, "-r", fmt.Sprint(dotsPerInch), "-gray", "-png", string(l)+".pdf", string(l))
			pictures, err := filepath.Glob(filepath.Join(p.dir, string(l)+"-*.png"))
			if err != nil || len(pictures) != pages {
				t.Errorf("%d pictures of %d pages: %v", len(pictures), pages, err)
			}
			for _, path := range pictures {
				checkInk(t, path)
			}
			t.Logf("%d pages, %d tables", pages, len(captions))
		})
	}
}

// onScreen looks at the report as a page, and gives what its tables are called.
func (s *station) onScreen(t *testing.T, site *saidi, path string) []string {
	t.Helper()
	x := s.open(t, site)
	x.allow(func(_ int64, url string) bool { return strings.HasSuffix(url, "/favicon.ico") })
	for _, look := range []look{{360, "light"}, {1280, "dark"}} {
		x.size(look.width, 900)
		x.scheme(look.scheme)
		x.at(path)
		x.checkWidth(path, look.width)
		eval[bool](x, s.rules+"; true")
		x.checkFindings(path, look)
	}
	if n := eval[int](x, `document.scripts.length + document.querySelectorAll("link[rel=stylesheet], img[src^=http], iframe").length`); n != 0 {
		t.Errorf("%s runs or loads %d things", path, n)
	}
	if n := eval[int](x, `document.querySelectorAll("svg").length`); n < 2 {
		t.Errorf("%s has %d drawings", path, n)
	}
	return eval[[]string](x, `[...document.querySelectorAll("caption")].map(c => c.textContent.trim())`)
}

// A page as pdfinfo tells of it, and one of A4, upright or on its side.
var (
	aSheet = regexp.MustCompile(`(?m)^Page +[0-9]+ size:`)
	sheet  = regexp.MustCompile(`(?m)^Page +[0-9]+ size: +(59[45]|84[12])(\.[0-9]+)? x (84[12]|59[45])(\.[0-9]+)? pts \(A4\)$`)
)

// checkSheets holds that every page is one of A4, and counts them.
func checkSheets(t *testing.T, info string) int {
	t.Helper()
	all, fit := len(aSheet.FindAllString(info, -1)), len(sheet.FindAllString(info, -1))
	if all != fit || all < 3 {
		t.Errorf("%d pages, %d of A4:\n%s", all, fit, info)
	}
	return all
}

// checkWords finds on the pages their numbers and what the tables are called. How
// lines are broken is left to the printer.
func checkWords(t *testing.T, l wording.Language, pages int, captions []string, text string) {
	t.Helper()
	sheets := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(sheets) != pages {
		t.Errorf("%d pages have words, want %d", len(sheets), pages)
	}
	for i, sheet := range sheets {
		number := map[wording.Language]string{wording.Chinese: fmt.Sprintf("第%d页/共%d页", i+1, pages), wording.English: fmt.Sprintf("page%dof%d", i+1, pages)}[l]
		if !strings.Contains(packed(sheet), number) {
			t.Errorf("page %d does not say %q", i+1, number)
		}
	}
	if len(captions) < 10 {
		t.Errorf("there are only %d tables", len(captions))
	}
	for _, caption := range captions {
		if !strings.Contains(packed(text), packed(caption)) {
			t.Errorf("the table %q is on no page", caption)
		}
	}
}

// packed is a text without blanks.
func packed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u2068' || r == '\u2069' {
			return -1
		}
		return r
	}, text)
}

const (
	dotsPerInch = 40
	edge        = 5 * dotsPerInch * 10 / 254 // five millimetres, in dots
	paperWhite  = 0xf000                     // of 0xffff; what is darker is ink
	leastInk    = 200                        // dots of a page that is not empty
)

// checkInk holds that the picture of a page has something on it, and nothing near
// the edge, where printers do not print.
func checkInk(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	inner := picture.Bounds().Inset(edge)
	inside, outside := 0, 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			if r, _, _, _ := picture.At(x, y).RGBA(); r >= paperWhite {
				continue
			}
			if image.Pt(x, y).In(inner) {
				inside++
			} else {
				outside++
			}
		}
	}
	if inside < leastInk || outside > 0 {
		t.Errorf("%s has %d dots on it and %d at the edge", filepath.Base(path), inside, outside)
	}
}
