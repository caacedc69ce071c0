package app

import (
	"testing"
)

func TestWithPassword(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, place, password, want string
	}{
		{"a folder", "data", "pw", "data"},
		{"none to give", "clickhouse://u@h/d", "", "clickhouse://u@h/d"},
		{"a user without", "clickhouse://u@h:9000,i:9000/d?cluster=c", "p w", "clickhouse://u:p%20w@h:9000,i:9000/d?cluster=c"},
		{"one that has", "clickhouse://u:own@h/d", "pw", "clickhouse://u:own@h/d"},
		{"no user", "clickhouse://h/d", "pw", "clickhouse://default:pw@h/d"},
		{"signs that mean something", "clickhouse://u@h/d", "a@b:c/d?e%", "clickhouse://u:a@b:c%2Fd%3Fe%25@h/d"},
		{"no database", "clickhouse://u@h?cluster=c", "pw", "clickhouse://u:pw@h?cluster=c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := WithPassword(tt.place, tt.password); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
