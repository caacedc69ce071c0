package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// A packer packs pages as they are made, fast rather than small.
type packer struct{ writers sync.Pool }

func newPacker() *packer {
	return &packer{sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level exists
		return w
	}}}
}

// pack gives data as gzip has it.
func (p *packer) pack(data []byte) []byte {
	w := p.writers.Get().(*gzip.Writer)
	defer p.writers.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = w.Write(data) // into memory
	_ = w.Close()
	return b.Bytes()
}

// takesGzip says whether a client takes what is packed with gzip.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, parameter, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, given := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameter, " ", "")), "q=")
		if q, err := strconv.ParseFloat(weight, 64); !given || err == nil && q > 0 {
			return true
		}
	}
	return false
}
