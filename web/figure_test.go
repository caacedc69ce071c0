package web

import (
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/wording"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	share := func(v float64) *float64 { return &v }
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	english := &teller{Language: wording.English, now: now}
	for name, c := range map[string]struct{ got, want string }{
		"no number":          {fixed(nil, 2), "–"},
		"below zero":         {fixed(share(-1.005), 1), "−1.0"},
		"a rise":             {signed(share(0.128)), "+12.8 %"},
		"a fall":             {signed(share(-0.128)), "−12.8 %"},
		"next to none":       {signed(share(-0.0001)), "0.0 %"},
		"none":               {signed(nil), "–"},
		"three digits":       {count(999), "999"},
		"four digits":        {count(-1000), "−1,000"},
		"seven digits":       {count(1234567), "1,234,567"},
		"least":              {count(-9223372036854775808), "−9,223,372,036,854,775,808"},
		"customer-hours":     {customerHours(-5401), "−2"},
		"hardly overspent":   {customerHours(-1), "0"},
		"plain":              {wording.Number(9.80), "9.8"},
		"whole":              {wording.Number(86400), "86400"},
		"no instant":         {local("soon"), "soon"},
		"its own clock":      {local("2022-07-01T23:30:00+08:00"), "2022-07-01 23:30"},
		"with seconds":       {local("2022-07-01T23:30:01Z"), "2022-07-01 23:30:01"},
		"seconds ago":        {english.age(now.Add(-59 * time.Second)), "59 s"},
		"minutes ago":        {english.age(now.Add(-time.Hour + 1)), "59 min"},
		"hours ago":          {english.age(now.Add(-24*time.Hour + 1)), "23 h"},
		"days ago":           {english.age(now.Add(-49 * time.Hour)), "2 d"},
		"a clock gone back":  {english.age(now.Add(time.Hour)), "0 s"},
		"no time":            {english.stamp(time.Time{}).Text, "never"},
		"without known zone": {english.stamp(now).Text, "2026-03-01 00:00:00 +00:00"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}
