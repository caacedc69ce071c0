package browse

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is a window of its own, without cookies or a cache of others. Whatever goes
// wrong in it fails the test: a request that leaves the host or is not answered, a
// line in the console, a script that throws, a dialog, a rule of the content
// security policy that was broken.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site *saidi

	mu       sync.Mutex
	troubles []string
	allowed  func(status int64, url string) bool // answers that are meant to be no good; nil: none
}

// allow says which answers are meant to be no good from now on.
func (x *tab) allow(which func(status int64, url string) bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.allowed = which
}

// meant says whether an answer is meant to be no good.
func (x *tab) meant(status int64, url string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.allowed != nil && x.allowed(status, url)
}

// open makes a tab for an exporter.
func (s *station) open(t *testing.T, site *saidi) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext())
	ctx, late := context.WithTimeout(ctx, longest)
	x := &tab{t: t, ctx: ctx, site: site}
	t.Cleanup(func() {
		late()
		cancel()
	})
	if err := chromedp.Listen(ctx, x.watch); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(x.check)
	x.size(1280, 900)
	return x
}

// watch notes what goes wrong.
func (x *tab) watch(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, x.site.url+"/") && !strings.HasPrefix(u, "data:") {
			x.trouble("a request to another host: %s", u)
		}
	case *network.EventResponseReceived:
		if s, u := e.Response.Status, e.Response.URL; s >= 400 && !x.meant(s, u) {
			x.trouble("status %d of %s", s, u)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			x.trouble("a request failed: %s %s", e.ErrorText, e.BlockedReason)
		}
	case *runtime.EventConsoleAPICalled:
		x.trouble("the console says %s: %s", e.Type, arguments(e.Args))
	case *runtime.EventExceptionThrown:
		x.trouble("a script threw: %s", thrown(e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		if e.Entry.Source != cdplog.EntrySourceNetwork { // of which answers and failures have told
			x.trouble("the browser says %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		x.trouble("a dialog opened: %s", e.Message)
		go func() {
			_, _ = chromedp.Call(x.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) // the tab may be gone
		}()
	}
}

func (x *tab) trouble(format string, args ...any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.troubles = append(x.troubles, fmt.Sprintf(format, args...))
}

// check fails the test for what went wrong so far, once.
func (x *tab) check() {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, trouble := range x.troubles {
		x.t.Error(trouble)
	}
	x.troubles = nil
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

func thrown(d *runtime.ExceptionDetails) string {
	text := fmt.Sprintf("%s (%s, line %d)", d.Text, d.URL, d.LineNumber+1)
	if d.Exception != nil {
		text += ": " + d.Exception.Description
	}
	return text
}

// at goes to a path of the site and waits until the page is loaded. An error of
// the page is one of the test.
func (x *tab) at(path string) {
	x.t.Helper()
	x.visit(path)
	x.checkAt(path)
}

// visit goes to a path and waits until the page is loaded.
func (x *tab) visit(path string) {
	x.t.Helper()
	if err := chromedp.Do(x.ctx, chromedp.Navigate(x.site.url+path)); err != nil {
		x.t.Fatalf("go to %s: %v", path, err)
	}
}

// checkAt fails the test for what went wrong at a path.
func (x *tab) checkAt(path string) {
	x.t.Helper()
	x.mu.Lock()
	for i := range x.troubles {
		x.troubles[i] = path + ": " + x.troubles[i]
	}
	x.mu.Unlock()
	x.check()
}

// do runs steps of the browser.
func (x *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	if err := chromedp.Do(x.ctx, steps...); err != nil {
		x.t.Fatalf("at %s: %v", x.where(), err)
	}
}

// where is the path that is shown, with its parameters.
func (x *tab) where() string {
	at, err := chromedp.Run(x.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	return u.RequestURI()
}

// eval gives the value of an expression of JavaScript, for which a promise is
// waited. The security policy of the page does not bind it.
func eval[T any](x *tab, expression string) T {
	x.t.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		x.t.Fatalf("at %s: evaluate %.200s: %v", x.where(), expression, err)
	}
	return v
}

// until waits until an expression is true.
func (x *tab) until(within time.Duration, what, expression string) {
	x.t.Helper()
	if _, err := chromedp.Run(x.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(within))); err != nil {
		x.t.Fatalf("at %s: %s: not within %s: %v", x.where(), what, within, err)
	}
}

// size makes the window so wide and high.
func (x *tab) size(width, height int64) {
	x.t.Helper()
	call(x, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// scheme chooses light or dark.
func (x *tab) scheme(name string) {
	x.t.Helper()
	call(x, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// call sends a command to the browser.
func call[P, R any](x *tab, command cdp.Command[P, R], params P) R {
	x.t.Helper()
	r, err := chromedp.Call(x.ctx, command, params)
	if err != nil {
		x.t.Fatalf("%s: %v", command.Method, err)
	}
	return r
}
