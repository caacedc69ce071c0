package push

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// A Token lets in whoever knows it. The token itself is nowhere: only its
// digest is.
type Token struct {
	Name    string   // under which its doings are shown
	SHA256  string   // of the token, 64 hexadecimal digits
	Write   bool     // may write, and read; else only read
	Sources []string // that it may write for; none means all
}

// A User is one of the web configuration's basic_auth_users.
type User struct {
	Name    string
	Hash    string   // of the password, by bcrypt
	Write   bool     // may write, and read; else only read
	Sources []string // that the user may write for; none means all
}

// An Access says who may read and who may write. It does not change. Nil, or
// without tokens and users, it lets everybody read and nobody write.
type Access struct {
	tokens    []token
	users     map[string]*user
	passwords *passwords
	mayWrite  []*writer // in order of name
	guarded   bool      // reading needs credentials
}

// A writer is somebody who is known, by a token or as a user.
type writer struct {
	name    string
	may     bool     // write
	sources []string // none means all
}

type token struct {
	writer
	digest [sha256.Size]byte
}

type user struct {
	writer
	hash []byte
}

// NewAccess takes tokens and users with names of their own.
func NewAccess(tokens []Token, users []User) (*Access, error) {
	a := &Access{users: map[string]*user{}}
	names := map[string]bool{"": true}
	for _, t := range tokens {
		digest, err := t.digest()
		if err != nil || names[t.Name] {
			return nil, fmt.Errorf("token %q: %w", t.Name, errors.Join(err, taken(names[t.Name])))
		}
		if slices.ContainsFunc(a.tokens, func(other token) bool { return other.digest == digest }) {
			return nil, fmt.Errorf("token %q: another has the same sha256: give each a token of its own", t.Name)
		}
		names[t.Name] = true
		a.guarded = a.guarded || !t.Write
		a.tokens = append(a.tokens, token{writer{t.Name, t.Write, t.Sources}, digest})
	}
	for _, u := range users {
		_, err := bcrypt.Cost([]byte(u.Hash))
		if err != nil || names[u.Name] {
			return nil, fmt.Errorf("user %q: %w", u.Name, errors.Join(err, taken(names[u.Name])))
		}
		names[u.Name] = true
		a.users[u.Name] = &user{writer{u.Name, u.Write, u.Sources}, []byte(u.Hash)}
	}
	var err error
	a.passwords, err = newPasswords(a.users)
	a.mayWrite = a.listWriters()
	return a, err
}

func taken(is bool) error {
	if is {
		return errors.New("the name is empty, or another token or user has it")
	}
	return nil
}

// digest reads the digest; that of no text at all is refused, as it would let
// in everybody.
func (t *Token) digest() ([sha256.Size]byte, error) {
	var digest [sha256.Size]byte
	text, err := hex.DecodeString(t.SHA256)
	if err != nil || len(text) != len(digest) {
		return digest, errors.New("sha256: give the 64 hexadecimal digits that sha256sum prints of the token")
	}
	copy(digest[:], text)
	if digest == sha256.Sum256(nil) {
		return digest, errors.New("sha256: this is that of an empty token")
	}
	return digest, nil
}

// writers lists everybody who may write.
func (a *Access) writers() []*writer {
	if a == nil {
		return nil
	}
	return a.mayWrite
}

func (a *Access) listWriters() []*writer {
	var all []*writer
	for i := range a.tokens {
		all = append(all, &a.tokens[i].writer)
	}
	for _, u := range a.users {
		all = append(all, &u.writer)
	}
	slices.SortFunc(all, func(a, b *writer) int { return cmp.Compare(a.name, b.name) })
	return slices.DeleteFunc(all, func(w *writer) bool { return !w.may })
}

// among lists those of all sources that w may write for.
func (w *writer) among(all []string) []string {
	if len(w.sources) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !slices.Contains(w.sources, s) })
}

// Read guards reading. Where a token for reading is configured, reading needs
// credentials, those for reading or for writing; where none is, it is open.
func (a *Access) Read(next http.Handler) http.Handler {
	if a == nil || !a.guarded {
		return next
	}
	return a.guard(next, func(r *http.Request) error {
		_, err := a.identify(r)
		return err
	})
}

// Write guards what changes something, for those who may write for any source.
func (a *Access) Write(next http.Handler) http.Handler {
	return a.guard(next, func(r *http.Request) error {
		_, err := a.writer(r)
		return err
	})
}

// guard lets through what may pass.
func (a *Access) guard(next http.Handler, check func(*http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := check(r); err != nil {
			x := newExchange(w, r, DefaultLimits())
			x.refuse(faultOf(err))
			x.finish()
			return
		}
		next.ServeHTTP(w, r)
	})
}

// writer says who asks to write, if they may. A request that a page of another
// site made a browser send is refused, as the browser adds a user's password by
// itself.
func (a *Access) writer(r *http.Request) (*writer, error) {
	if len(a.writers()) == 0 {
		return nil, faultf(http.StatusForbidden, "nobody-may-write",
			"nobody may write: configure a token with its sha256 and access write, or let a user of the web configuration's basic_auth_users write")
	}
	if http.NewCrossOriginProtection().Check(r) != nil {
		return nil, faultf(http.StatusForbidden, "cross-origin", "a page of another site may not write: send from a program, or from a page of this site")
	}
	who, err := a.identify(r)
	if err != nil {
		return nil, err
	}
	if !who.may {
		return nil, faultf(http.StatusForbidden, "read-only", "%s may read only: use a token or a user that may write", who.name)
	}
	return who, nil
}

// longestSecret bounds what is compared, in bytes.
const longestSecret = 4096

// identify says whose credentials a request bears.
func (a *Access) identify(r *http.Request) (*writer, error) {
	said := r.Header.Values("Authorization")
	if len(said) == 0 {
		return nil, a.unknown("no-credentials", "this needs credentials: send Authorization: Bearer TOKEN, or a user and password where users are configured")
	}
	scheme, secret, _ := strings.Cut(said[0], " ")
	if len(said) == 1 && len(said[0]) <= longestSecret {
		switch strings.ToLower(scheme) {
		case "bearer":
			if who := a.bearer(strings.TrimSpace(secret)); who != nil {
				return who, nil
			}
		case "basic":
			if who, err := a.basic(r); who != nil || err != nil {
				return who, err
			}
		}
	}
	return nil, a.unknown("wrong-credentials", "the credentials are not known: check the token, or the user and password")
}

// unknown asks for credentials.
func (a *Access) unknown(code, message string) error {
	schemes := `Bearer realm="saidi"`
	if code == "wrong-credentials" {
		schemes += `, error="invalid_token"`
	}
	if len(a.users) > 0 {
		schemes = `Basic realm="saidi", charset="UTF-8", ` + schemes
	}
	return faultf(http.StatusUnauthorized, code, "%s", message).with("WWW-Authenticate", schemes)
}

// bearer finds whose token it is. All are compared, and each in the same time
// whatever it is.
func (a *Access) bearer(secret string) *writer {
	digest := sha256.Sum256([]byte(secret))
	var found *writer
	for i := range a.tokens {
		if subtle.ConstantTimeCompare(digest[:], a.tokens[i].digest[:]) == 1 {
			found = &a.tokens[i].writer
		}
	}
	return found
}

// basic finds whose password it is; nil if nobody's.
func (a *Access) basic(r *http.Request) (*writer, error) {
	name, password, ok := r.BasicAuth()
	if !ok || len(a.users) == 0 {
		return nil, nil
	}
	right, err := a.passwords.check(r.Context(), a.users[name], password)
	if err != nil || !right {
		return nil, err
	}
	return &a.users[name].writer, nil
}

// HasWriters says whether anybody may write.
func (a *Access) HasWriters() bool { return len(a.writers()) > 0 }
