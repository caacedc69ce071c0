package push_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/saidi-exporter/saidi/source/push"
)

// basic is the header of a user.
func basic(user, password string) http.Header {
	r := &http.Request{Header: http.Header{"Content-Type": {"application/octet-stream"}}}
	r.SetBasicAuth(user, password)
	return r.Header
}

func TestWhoMayWrite(t *testing.T) {
	t.Parallel()
	two := bearer(writeToken)
	two.Add("Authorization", "Bearer "+writeToken)
	tests := []struct {
		name   string
		header http.Header
		query  string
		status int
		code   string
		who    string
	}{
		{"a token", bearer(writeToken), "?source=south", 200, "", "scada"},
		{"a token in other letters", http.Header{"Authorization": {"bEARER  " + writeToken}}, "?source=south", 200, "", "scada"},
		{"a token for one source, there", bearer(northToken), "?source=north", 200, "", "north office"},
		{"a token for one source, elsewhere", bearer(northToken), "?source=south", 403, "other-source", ""},
		{"a token for reading", bearer(readToken), "?source=south", 403, "read-only", ""},
		{"a user who writes", basic("ada", password), "?source=south", 200, "", "ada"},
		{"a user who reads", basic("guest", password), "?source=south", 403, "read-only", ""},
		{"a wrong password", basic("ada", "correct hors"), "", 401, "wrong-credentials", ""},
		{"no such user", basic("eve", password), "", 401, "wrong-credentials", ""},
		{"a token's name as user", basic("scada", writeToken), "", 401, "wrong-credentials", ""},
		{"nothing", nil, "", 401, "no-credentials", ""},
		{"an empty token", bearer(""), "", 401, "wrong-credentials", ""},
		{"the digest as token", bearer(digest(writeToken)), "", 401, "wrong-credentials", ""},
		{"half a token", bearer(writeToken[:5]), "", 401, "wrong-credentials", ""},
		{"another scheme", http.Header{"Authorization": {"Digest " + writeToken}}, "", 401, "wrong-credentials", ""},
		{"no scheme", http.Header{"Authorization": {writeToken}}, "", 401, "wrong-credentials", ""},
		{"not base64", http.Header{"Authorization": {"Basic %%%"}}, "", 401, "wrong-credentials", ""},
		{"twice", two, "", 401, "wrong-credentials", ""},
		{"very long", bearer(strings.Repeat("x", 5000)), "", 401, "wrong-credentials", ""},
		{"a page of this site", with(basic("ada", password), "Sec-Fetch-Site", "same-origin"), "?source=north", 200, "", "ada"},
		{"a page of another site", with(basic("ada", password), "Sec-Fetch-Site", "cross-site"), "?source=north", 403, "cross-origin", ""},
		{"a page of another origin", with(basic("ada", password), "Origin", "https://elsewhere.example"), "?source=north", 403, "cross-origin", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{Sources: []string{"north", "south"}})
			for range 2 { // the second time what is known is remembered
				got := s.do(t, http.MethodPost, eventsPath+tt.query, "{}\n", tt.header)
				got.want(t, tt.status, tt.code)
				for _, secret := range []string{writeToken, readToken, northToken, password, digest(writeToken)} {
					if strings.Contains(string(got.body), secret) {
						t.Errorf("the answer holds a secret: %s", got.body)
					}
				}
			}
			if tt.who == "" {
				if n := s.shelf.len(); n != 0 {
					t.Errorf("%d deliveries are kept, want none", n)
				}
			} else if got := s.shelf.kept[0].Who; got != tt.who {
				t.Errorf("who: got %q, want %q", got, tt.who)
			}
		})
	}
}

func TestNobodyMayWrite(t *testing.T) {
	t.Parallel()
	reader, err := push.NewAccess([]push.Token{{Name: "dashboard", SHA256: digest(readToken)}}, []push.User{{Name: "guest", Hash: hashed()}})
	if err != nil {
		t.Fatal(err)
	}
	open, err := push.NewAccess(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]*push.Access{"readers only": reader, "nobody at all": open} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, push.Options{Access: a})
			for _, header := range []http.Header{nil, bearer(readToken), basic("guest", password)} {
				s.do(t, http.MethodPost, eventsPath, "{}\n", header).want(t, http.StatusForbidden, "nobody-may-write")
			}
		})
	}
}

func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	writers, err := push.NewAccess([]push.Token{{Name: "scada", SHA256: digest(writeToken), Write: true}}, []push.User{{Name: "guest", Hash: hashed()}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		access *push.Access
		header http.Header
		read   int
		write  int
	}{
		{"nothing is configured", nil, nil, 200, 403},
		{"no token for reading", writers, nil, 200, 401},
		{"no token for reading, a wrong one sent", writers, bearer("guess"), 200, 401},
		{"nothing sent", access(t), nil, 401, 401},
		{"a wrong token", access(t), bearer("guess"), 401, 401},
		{"a token for reading", access(t), bearer(readToken), 200, 403},
		{"a token for writing", access(t), bearer(writeToken), 200, 200},
		{"a user", access(t), basic("guest", password), 200, 403},
		{"a user with a wrong password", access(t), basic("guest", "x"), 401, 401},
		{"a user who writes", access(t), basic("ada", password), 200, 200},
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, guarded := range []struct {
				name    string
				handler http.Handler
				want    int
			}{{"read", tt.access.Read(page), tt.read}, {"write", tt.access.Write(page), tt.write}} {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/report", nil)
				r.Header = tt.header.Clone()
				w := httptest.NewRecorder()
				guarded.handler.ServeHTTP(w, r)
				if w.Code != guarded.want {
					t.Errorf("%s: got %d %s, want %d", guarded.name, w.Code, w.Body, guarded.want)
				}
			}
		})
	}
}

// A guard lets go of whoever it does not let through.
func TestGuardLetsGo(t *testing.T) {
	t.Parallel()
	s := &site{Server: httptest.NewServer(access(t).Write(http.NotFoundHandler()))}
	defer s.Close()
	l := s.raw(t, strings.Replace(post(eventsPath, "Content-Length: 10\r\n"), writeToken, "guess", 1)+"12345")
	l.answer(t).want(t, http.StatusUnauthorized, "wrong-credentials")
	l.closed(t)
}

func TestNewAccess(t *testing.T) {
	t.Parallel()
	good := push.Token{Name: "a", SHA256: digest("a")}
	user := push.User{Name: "u", Hash: hashed()}
	tests := []struct {
		name   string
		tokens []push.Token
		users  []push.User
		want   string // of the error
	}{
		{"nothing wrong", []push.Token{good}, []push.User{user}, ""},
		{"the token itself", []push.Token{{Name: "a", SHA256: "secret"}}, nil, `token "a": sha256: give the 64 hexadecimal digits that sha256sum prints of the token`},
		{"too short", []push.Token{{Name: "a", SHA256: "abcd"}}, nil, `token "a": sha256: give the 64 hexadecimal digits that sha256sum prints of the token`},
		{"of nothing", []push.Token{{Name: "a", SHA256: digest("")}}, nil, `token "a": sha256: this is that of an empty token`},
		{"no name", []push.Token{{SHA256: digest("a")}}, nil, `token "": the name is empty, or another token or user has it`},
		{"one name", []push.Token{good, {Name: "a", SHA256: digest("b")}}, nil, `token "a": the name is empty, or another token or user has it`},
		{"one digest", []push.Token{good, {Name: "b", SHA256: digest("a")}}, nil, `token "b": another has the same sha256: give each a token of its own`},
		{"a user of a token's name", []push.Token{good}, []push.User{{Name: "a", Hash: user.Hash}}, `user "a": the name is empty, or another token or user has it`},
		{"a password in the clear", nil, []push.User{{Name: "u", Hash: password}}, `user "u": crypto/bcrypt: hashedSecret too short to be a bcrypted password`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := push.NewAccess(tt.tokens, tt.users)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if strings.Contains(got, "secret\"") || strings.Contains(got, password) {
				t.Errorf("the error holds a secret: %s", got)
			}
		})
	}
}
