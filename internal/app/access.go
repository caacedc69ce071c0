package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/saidi-exporter/saidi/source/push"
)

// accessOf reads the tokens and the users who may write.
func accessOf(c *Config, users func() (map[string]string, error)) (*push.Access, error) {
	var tokens []push.Token
	for _, t := range c.Tokens {
		data, err := os.ReadFile(t.File)
		if err != nil {
			return nil, fmt.Errorf("token %q: %w", t.Name, err)
		}
		tokens = append(tokens, push.Token{Name: t.Name, SHA256: digestOf(bytes.TrimSpace(data)), Write: t.Write, Sources: t.Sources})
	}
	var known map[string]string
	if users != nil {
		var err error
		if known, err = users(); err != nil {
			return nil, err
		}
	}
	if len(known) > 0 && len(c.Tokens) > 0 {
		return nil, errTokensAndUsers
	}
	var all []push.User
	for _, name := range c.Writers {
		hash, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("writers: %q is none of the basic_auth_users of the web configuration (--web.config.file)", name)
		}
		all = append(all, push.User{Name: name, Hash: hash, Write: true})
	}
	for name, hash := range known {
		if !slices.Contains(c.Writers, name) {
			all = append(all, push.User{Name: name, Hash: hash})
		}
	}
	return push.NewAccess(tokens, all)
}

// errTokensAndUsers says why both cannot be configured.
var errTokensAndUsers = errors.New("tokens: the web configuration (--web.config.file) has basic_auth_users, and then lets in nobody with a token: name users under writers instead, or take the users out there")
