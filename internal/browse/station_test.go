package browse

import (
	"context"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/saidi-exporter/saidi/internal/program"
)

// A station is the program, the demo of it that most tests look at, and the browser.
type station struct {
	saidi   string
	demo    *saidi
	browser context.Context
	rules   string // of accessibility: axe-core as JavaScript
}

// newStation builds the program, starts the demo with a clock that goes as ours
// does, so that hardly anything changes while it is looked at, and the browser.
func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{saidi: program.Saidi(t)}
	s.demo = s.serve(t, "--demo", "--demo.speed=1")
	s.rules = accessibilityRules(t)
	s.browser = startBrowser(t)
	return s
}

// startBrowser starts Chromium, which is root's in containers and has no sandbox
// there.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program.Need(t, "chromium", "chromium")), chromedp.DisableGPU, chromedp.Flag("no-sandbox", os.Getuid() == 0),
		chromedp.WindowSize(1280, 900), chromedp.UserDataDir(t.TempDir()))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	browser, closed := chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	t.Cleanup(func() {
		if err := chromedp.Cancel(browser); err != nil {
			t.Logf("the browser ended with %v", err)
		}
		closed()
		stop()
	})
	return browser
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
