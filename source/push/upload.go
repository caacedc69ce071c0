package push

import (
	"io"
	"net/http"
)

// Upload gives the body of a request that is taken in elsewhere, such as a form,
// bounded by Bytes, Time, Window and LeastSpeed of the limits as one that is pushed.
// end is to be called once nothing more is read of it.
func Upload(w http.ResponseWriter, r *http.Request, l Limits) (upload io.ReadCloser, end func()) {
	b := newExchange(w, r, l.orDefault()).open(func(int) {})
	return &uploading{b, r.Body}, b.watch.end
}

// An uploading is a body that can be closed.
type uploading struct {
	*body
	io.Closer
}
