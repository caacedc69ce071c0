package compliance_test

import (
	"bytes"
	markup "html"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/compliance"
	"github.com/saidi-exporter/saidi/wording"
)

// What is told beside a document is what it says of itself, in each language, and
// lets in no style but its own.
func TestContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range []wording.Language{wording.English, wording.Chinese} {
		doc := compliance.New(dossier(), l)
		var b bytes.Buffer
		if err := doc.HTML(&b); err != nil {
			t.Fatal(err)
		}
		policy := doc.ContentSecurityPolicy()
		if !strings.Contains(markup.UnescapeString(b.String()), `content="`+policy+`"`) {
			t.Errorf("%s: the document does not say %s", l, policy)
		}
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "style-src 'sha256-") {
			t.Errorf("%s: %s, want the digest of the style", l, policy)
		}
		seen[policy] = true
	}
	if len(seen) != 2 {
		t.Error("the policy does not depend on the style, in which the title is")
	}
}
