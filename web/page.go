package web

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/saidi-exporter/saidi/wording"
)

//go:embed pages/*.html
var templates embed.FS

// pages renders the pages in each language.
type pages struct {
	*Site
	matcher language.Matcher
	packer  *packer
	layouts map[wording.Language]*template.Template
}

func newPages(s *Site) *pages {
	return &pages{
		Site:    s,
		matcher: language.NewMatcher([]language.Tag{language.English, language.Chinese}),
		packer:  newPacker(),
		layouts: map[wording.Language]*template.Template{wording.Chinese: parse(wording.Chinese), wording.English: parse(wording.English)},
	}
}

// parse reads the templates with the words of a language. A template that cannot
// be read is a programmer's mistake.
func parse(l wording.Language) *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"say": l.Say, "asset": assetPath}).ParseFS(templates, "pages/*.html"))
}

// A visit is one request for a page, and what words the answer.
type visit struct {
	*teller
	r      *http.Request
	status *Status
	frame  frame
	values url.Values    // of the question
	takes  []string      // the parameters that the page knows; nil: it does not say
	code   int           // of HTTP, with which the page is shown; 0: [http.StatusOK]
	again  time.Duration // after how long it may be asked again; zero: that does not help
}

// A view is what a page shows: a struct with the frame in it.
type view struct {
	name string // of the template
	data any
}

// page serves a page to GET and HEAD.
func (p *pages) page(show func(*visit) (view, error)) http.Handler {
	return p.handler(show, http.MethodGet, http.MethodHead)
}

// form serves a page that takes a form in too.
func (p *pages) form(show func(*visit) (view, error)) http.Handler {
	return p.handler(show, http.MethodGet, http.MethodHead, http.MethodPost)
}

// handler answers with a page, whole or not at all. A problem is shown as a page
// of its own. Pages run only scripts of this site and are not to be kept.
func (p *pages) handler(show func(*visit) (view, error), methods ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(methods, r.Method) {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			http.Error(w, "only "+strings.Join(methods, ", ")+" are served here", http.StatusMethodNotAllowed)
			return
		}
		v := p.visit(r)
		what, err := show(v)
		if err != nil {
			what = v.problem(problemOf(err))
		}
		body, err := p.render(v, what)
		if err != nil {
			http.Error(w, "render the page: "+err.Error(), http.StatusInternalServerError)
			return
		}
		if takesGzip(r) {
			w.Header().Set("Content-Encoding", "gzip")
			body = p.packer.pack(body)
		}
		v.head(w.Header(), len(body))
		w.WriteHeader(cmp.Or(v.code, http.StatusOK))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // whoever asked may have gone
		}
	})
}

// visit begins the answer to a request.
func (p *pages) visit(r *http.Request) *visit {
	s := p.Status()
	l, chosen := p.language(r)
	v := &visit{teller: newTeller(s, l), r: r, status: s, values: r.URL.Query()}
	v.chosen = chosen
	v.frame = v.newFrame()
	return v
}

// head sets what browsers are told besides the page.
func (v *visit) head(h http.Header, size int) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.Language))
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, Accept-Encoding")
	if wait := v.waitSeconds(); wait != "" {
		h.Set("Retry-After", wait)
	}
}

// render writes a page. What is not UTF-8, as names of files may be, is replaced.
func (p *pages) render(v *visit, what view) ([]byte, error) {
	var b bytes.Buffer
	if err := p.layouts[v.Language].ExecuteTemplate(&b, what.name, what.data); err != nil {
		return nil, err
	}
	return bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")), nil
}

// language is that of the parameter lang, which is then chosen, else the one of
// ours that the browser prefers, else English.
func (p *pages) language(r *http.Request) (l wording.Language, chosen bool) {
	switch l := wording.Language(r.URL.Query().Get("lang")); l {
	case wording.Chinese, wording.English:
		return l, true
	}
	if _, i := language.MatchStrings(p.matcher, r.Header.Get("Accept-Language")); i == 1 {
		return wording.Chinese, false
	}
	return wording.English, false
}

// link is the address of a page or of the API with parameters in pairs; those
// that are empty are left out. A language that was chosen goes along.
func (t *teller) link(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if t.chosen {
		query.Set("lang", string(t.Language))
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
