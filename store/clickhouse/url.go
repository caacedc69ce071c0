package clickhouse

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// scheme begins the URL of a store in ClickHouse.
const scheme = "clickhouse://"

// defaultTimeout is how long an operation is tried where the URL says nothing.
const defaultTimeout = 10 * time.Second

// The ports of the native protocol where the URL names none.
const (
	plainPort  = "9000"
	securePort = "9440"
)

// IsURL says whether a text names a store in ClickHouse, not a folder.
func IsURL(text string) bool {
	_, ok := cutScheme(text)
	return ok
}

// cutScheme cuts off how the URL of a store begins, in small or large letters.
func cutScheme(text string) (rest string, ok bool) {
	if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
		return text, false
	}
	return text[len(scheme):], true
}

// An address is what the URL of a store says.
type address struct {
	hosts          []string // of the first shard, with ports, in order of preference
	user, password string
	database       string
	cluster        string // as the servers know it; empty: the first host is all there is
	secure         bool
	timeout        time.Duration
}

// parseURL reads the URL of a store. Its errors name neither user nor password.
func parseURL(text string) (a address, err error) {
	rest, ok := cutScheme(text)
	if !ok {
		return a, fmt.Errorf("a store in ClickHouse is named %suser:password@host:9000/database", scheme)
	}
	say := saying(rest)
	rest, query, _ := strings.Cut(rest, "?")
	a.timeout, a.user, a.database = defaultTimeout, "default", "default"
	if err := a.parseQuery(query, say); err != nil {
		return a, err
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		if err := a.parseUser(rest[:at]); err != nil {
			return a, err
		}
		rest = rest[at+1:]
	}
	hosts, database, _ := strings.Cut(rest, "/")
	if database != "" {
		a.database = database
	}
	if !isName(a.database) {
		return a, fmt.Errorf("the database%s cannot be named so: use letters, digits and _", say(a.database))
	}
	a.hosts, err = parseHosts(hosts, a.secure, say)
	return a, err
}

func (a *address) parseUser(text string) (err error) {
	user, password, _ := strings.Cut(text, ":")
	if a.user, err = url.PathUnescape(user); err != nil {
		return errors.New("the user of the store's URL has a % that begins no code: write it as %25")
	}
	if a.password, err = url.PathUnescape(password); err != nil {
		return errors.New("the password of the store's URL has a % that begins no code: write it as %25")
	}
	return nil
}

func (a *address) parseQuery(text string, say quoting) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return errors.New("the parameters of the store's URL cannot be read: write them as name=value&name=value")
	}
	for _, name := range sortedKeys(values) {
		value := values.Get(name)
		switch name {
		case "cluster":
			if a.cluster = value; !isName(value) {
				err = fmt.Errorf("the cluster%s of the store's URL cannot be named so: use letters, digits and _", say(value))
			}
		case "secure":
			if a.secure, err = strconv.ParseBool(value); err != nil {
				err = fmt.Errorf("secure%s of the store's URL: give true or false", say(value))
			}
		case "timeout":
			if a.timeout, err = time.ParseDuration(value); err != nil || a.timeout <= 0 {
				err = fmt.Errorf("timeout%s of the store's URL: give a duration such as 10s", say(value))
			}
		default:
			err = fmt.Errorf("the store's URL knows no parameter%s: it knows cluster, secure and timeout, and has ? in a password as %%3F", say(name))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func parseHosts(text string, secure bool, say quoting) (hosts []string, err error) {
	port := plainPort
	if secure {
		port = securePort
	}
	for host := range strings.SplitSeq(text, ",") {
		name, number, err := net.SplitHostPort(host)
		if err != nil {
			name, number = strings.Trim(host, "[]"), port
		}
		if n, err := strconv.ParseUint(number, 10, 16); err != nil || n == 0 || name == "" || strings.Contains(name, ":") && !strings.HasPrefix(host, "[") {
			return nil, fmt.Errorf("the host%s of the store's URL is not host:port: write it so, behind user:password@, and signs of the password such as / ? @ as %%2F %%3F %%40", say(host))
		}
		hosts = append(hosts, net.JoinHostPort(name, number))
	}
	return hosts, nil
}

// isName says whether a text can stand in SQL as a name, without quotes.
func isName(text string) bool {
	for i, c := range text {
		switch {
		case c == '_', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case c >= '0' && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return text != ""
}
