package app

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/store"
	"github.com/saidi-exporter/saidi/store/clickhouse"
)

// Keep opens a store for reading and writing: the one in a folder, or in the
// database of ClickHouse that a URL names. Where there is none it is made. now gives
// the times at which deliveries are received.
func Keep(ctx context.Context, place string, now func() time.Time) (store.Keeper, error) {
	if clickhouse.IsURL(place) {
		return fromCluster(clickhouse.Open(ctx, place, clickhouse.Options{Now: now}))
	}
	return fromFolder(store.Open(place, store.Options{Now: now}))
}

// KeepReadOnly opens a store for reading, which may be in use.
func KeepReadOnly(ctx context.Context, place string) (store.Keeper, error) {
	if clickhouse.IsURL(place) {
		return fromCluster(clickhouse.Open(ctx, place, clickhouse.Options{Now: time.Now, ReadOnly: true}))
	}
	return fromFolder(store.OpenReadOnly(place))
}

// fromFolder and fromCluster make a keeper of a store that was opened: one that was
// not is nil.
func fromFolder(s *store.Store, err error) (store.Keeper, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func fromCluster(s *clickhouse.Store, err error) (store.Keeper, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// PlaceOf is the place of a store as it may be shown: a URL without its password.
func PlaceOf(place string) string { return clickhouse.Redacted(place) }

// WithPassword puts a password into the URL of a store that has none. A folder
// stays as it is.
func WithPassword(place, password string) string {
	if !clickhouse.IsURL(place) || password == "" {
		return place
	}
	rest := place[len(clickhouseScheme):]
	authority, path := rest, ""
	if at := strings.IndexAny(rest, "/?"); at >= 0 && !strings.Contains(rest[at:], "@") {
		authority, path = rest[:at], rest[at:]
	}
	user, hosts := "default", authority
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		user, hosts = authority[:at], authority[at+1:]
	}
	if strings.Contains(user, ":") {
		return place
	}
	return clickhouseScheme + user + ":" + url.PathEscape(password) + "@" + hosts + path
}

const clickhouseScheme = "clickhouse://"

// keep opens the store of a configuration.
func (c *Config) keep(ctx context.Context, now func() time.Time) (store.Keeper, error) {
	place := c.Store
	if c.StorePassword != "" {
		data, err := os.ReadFile(c.StorePassword)
		if err != nil {
			return nil, fmt.Errorf("store_password_file: %w", err)
		}
		place = WithPassword(place, string(bytes.TrimSpace(data)))
	}
	return Keep(ctx, place, now)
}
