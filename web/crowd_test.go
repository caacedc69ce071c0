package web

import (
	"net/http"
	"testing"

	"pgregory.net/rapid"
)

// No client has more places than its share, all together no more than there are,
// and whoever leaves gives the place back once.
func TestCrowd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, each := rapid.IntRange(1, 6).Draw(t, "all"), rapid.IntRange(1, 4).Draw(t, "each")
		c := NewCrowd(all, each)
		type guest struct {
			client string
			leave  func()
		}
		var inside []guest
		of := map[string]int{}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			if len(inside) > 0 && rapid.Bool().Draw(t, "leaves") {
				i := rapid.IntRange(0, len(inside)-1).Draw(t, "who")
				inside[i].leave()
				inside[i].leave() // which changes nothing
				of[inside[i].client]--
				inside = append(inside[:i], inside[i+1:]...)
				continue
			}
			client := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "client")
			leave, ok := c.Enter(client)
			if want := len(inside) < all && of[client] < each; ok != want {
				t.Fatalf("%s is let in: %t, with %d of %d inside and %d of %d of its own", client, ok, len(inside), all, of[client], each)
			}
			if ok {
				inside = append(inside, guest{client, leave})
				of[client]++
			}
		}
		if c.Inside() != len(inside) {
			t.Fatalf("%d inside, want %d", c.Inside(), len(inside))
		}
		for _, g := range inside {
			g.leave()
		}
		if c.Inside() != 0 || len(c.of) != 0 {
			t.Fatalf("%d inside of %d clients, want nobody", c.Inside(), len(c.of))
		}
	})
}

// A client is told by its connection alone.
func TestClientOf(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:80":                 "192.0.2.1",
		"[::ffff:192.0.2.1]:80":        "192.0.2.1",
		"[2001:db8:1:2:3:4:5:6]:80":    "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1]:80":    "2001:db8:1:2::/64",
		"[fe80::1%eth0]:80":            "fe80::/64",
		"@":                            "@",
		"pipe:80":                      "pipe",
		"[2001:db8:1:3:ffff::1]:12345": "2001:db8:1:3::/64",
	} {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {"198.51.100.7"}, "Forwarded": {"for=198.51.100.7"}}}
		if got := ClientOf(r); got != want {
			t.Errorf("%s: got %q, want %q", remote, got, want)
		}
	}
}
