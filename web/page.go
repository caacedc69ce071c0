package web

import (
	"bytes"
	"crypto/rand"
	_ "embed" // the page's template and style
	"html/template"
	"net/http"
	"strconv"

	"golang.org/x/text/language"

	"github.com/saidi-exporter/saidi/wording"
)

//go:embed page.html
var layout string

//go:embed style.css
var style string

// Page serves the page at / to GET and HEAD. It asks for the status anew at each
// request. The page loads nothing, runs no script and is not to be kept.
func Page(status func() *Status) http.Handler {
	return &page{
		status:  status,
		matcher: language.NewMatcher([]language.Tag{language.English, language.Chinese}),
		layouts: map[wording.Language]*template.Template{wording.Chinese: parse(wording.Chinese), wording.English: parse(wording.English)},
	}
}

// A page renders a status in one of the languages.
type page struct {
	status  func() *Status
	matcher language.Matcher
	layouts map[wording.Language]*template.Template
}

// parse reads the template with the words of a language. A template that cannot
// be read is a programmer's mistake.
func parse(l wording.Language) *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"say": l.Say}).Parse(layout))
}

// ServeHTTP answers with the page, whole or not at all.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
		return
	}
	l, nonce := p.language(r), rand.Text()
	body, err := p.render(l, nonce)
	if err != nil {
		http.Error(w, "render the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // whoever asked may have gone
	}
}

// render writes the page. What is not UTF-8, as names of files may be, is
// replaced.
func (p *page) render(l wording.Language, nonce string) ([]byte, error) {
	var b bytes.Buffer
	v := newView(p.status(), l)
	v.Nonce, v.Style = nonce, template.CSS(style)
	if err := p.layouts[l].Execute(&b, v); err != nil {
		return nil, err
	}
	return bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")), nil
}

// language is that of the parameter lang, else the one of ours that the browser
// prefers, else English.
func (p *page) language(r *http.Request) wording.Language {
	switch l := wording.Language(r.URL.Query().Get("lang")); l {
	case wording.Chinese, wording.English:
		return l
	}
	if _, i := language.MatchStrings(p.matcher, r.Header.Get("Accept-Language")); i == 1 {
		return wording.Chinese
	}
	return wording.English
}
