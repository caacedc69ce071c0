package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/saidi-exporter/saidi/chart"
)

//go:embed assets/*.css assets/*.js assets/*.svg assets/*.txt
var assetFiles embed.FS

// An asset is a file that pages load, as it is and packed.
type asset struct {
	kind          string
	plain, packed []byte
	digest        string
}

// loadAssets reads what is embedded; the style of drawings goes with that of pages.
// The name that a page asks for has a digest in it, so that browsers may keep it for
// good.
var loadAssets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // it is embedded
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}
	for _, e := range entries {
		kind, ok := kinds[path.Ext(e.Name())]
		if !ok {
			continue
		}
		data, err := assetFiles.ReadFile("assets/" + e.Name())
		if err != nil {
			panic(err)
		}
		if e.Name() == "style.css" {
			data = append(data, chart.Sheet()...)
		}
		sum := sha256.Sum256(data)
		all[e.Name()] = &asset{kind: kind, plain: data, packed: pack(data), digest: hex.EncodeToString(sum[:6])}
	}
	return all
})

func pack(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// assetPath is the address of an asset, such as /assets/style.0a1b2c3d4e5f.css.
func assetPath(name string) string {
	a, ok := loadAssets()[name]
	if !ok {
		panic("no asset " + name) // a programmer's mistake
	}
	ext := path.Ext(name)
	return "/assets/" + strings.TrimSuffix(name, ext) + "." + a.digest + ext
}

// assets serves what pages load.
func assets() http.Handler {
	byPath := map[string]*asset{}
	for name, a := range loadAssets() {
		byPath[assetPath(name)] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		data := a.plain
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			data = a.packed
		}
		_, _ = w.Write(data)
	})
}
