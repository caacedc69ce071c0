package push

import (
	"mime"
	"net/http"
	"strings"
)

// sendWhat says what a body may be.
const sendWhat = "send the file itself as the body, NDJSON, a JSON array, CSV, Parquet or an Arrow stream, plain or packed by gzip or zstd, " +
	"with curl by --data-binary @FILE"

// checkMedia refuses bodies that cannot be rows, going by what the sender says
// of them. What else is said is not relied upon: a body is recognised by its
// content.
func checkMedia(h http.Header) error {
	if err := checkType(h.Values("Content-Type")); err != nil {
		return err
	}
	return checkEncoding(h.Values("Content-Encoding"))
}

func checkType(said []string) error {
	if len(said) == 0 {
		return nil
	}
	kind, _, err := mime.ParseMediaType(said[0])
	if len(said) > 1 || err != nil {
		return faultf(http.StatusUnsupportedMediaType, "media-type", "Content-Type is not understood: %s", sendWhat)
	}
	family, _, _ := strings.Cut(kind, "/")
	switch {
	case family == "multipart": // unlike the type of a simple form, which curl gives whatever it sends
		return faultf(http.StatusUnsupportedMediaType, "media-type", "a form (%s) is not taken: %s", kind, sendWhat)
	case family == "image", family == "audio", family == "video", family == "font", family == "message", kind == "text/html":
		return faultf(http.StatusUnsupportedMediaType, "media-type", "%s holds no rows: %s", kind, sendWhat)
	}
	return nil
}

// checkEncoding takes the encodings that are recognised by content, one at a
// time.
func checkEncoding(said []string) error {
	switch encoding := strings.ToLower(strings.TrimSpace(strings.Join(said, ","))); encoding {
	case "", "identity", "gzip", "x-gzip", "zstd":
		return nil
	default:
		return faultf(http.StatusUnsupportedMediaType, "content-encoding", "Content-Encoding %q is not taken: pack by gzip or zstd, once, or not at all", shorten(encoding, longestText)).
			with("Accept-Encoding", "gzip, zstd, identity")
	}
}
