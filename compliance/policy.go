package compliance

import (
	"crypto/sha256"
	"encoding/base64"

	"github.com/saidi-exporter/saidi/chart"
)

// ContentSecurityPolicy is what a browser is to allow the document as HTML: its
// own style, known by its digest, and images that it holds. The document says so
// itself, too.
func (d *Document) ContentSecurityPolicy() string {
	sum := sha256.Sum256([]byte(d.style()))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:; base-uri 'none'; form-action 'none'"
}

// style is the one style sheet of the document as HTML.
func (d *Document) style() string { return styleSheet + widths() + chart.Sheet() + pageBoxes(d) }
