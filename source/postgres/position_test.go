package postgres

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadPosition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"the beginning", "", true},
		{"timestamptz", "timestamptz 2022-03-01T08:00:00.123456Z changed_at", true},
		{"timestamp", "timestamp 2022-03-01T08:00:00 changed_at", true},
		{"date", "date 2022-03-01 d", true},
		{"integer", "integer -5 id", true},
		{"numeric", "numeric 1.50 n", true},
		{"text", `text "a \"b\" 停电" n`, true},
		{"a column with blanks", "integer 5 the column", true},
		{"a blank", " ", false},
		{"garbage", "?", false},
		{"cut off", "timestamptz 2022-03-01T08:00", false},
		{"without column", "integer 5", false},
		{"without the column's name", "integer 5 ", false},
		{"another type", "uuid 5 id", false},
		{"an offset", "timestamptz 2022-03-01T08:00:00+08:00 c", false},
		{"a fraction in another way", "timestamptz 2022-03-01T08:00:00.10Z c", false},
		{"no day", "date 2022-02-30 d", false},
		{"a number in another way", "integer +5 id", false},
		{"a number too large", "integer 9223372036854775808 id", false},
		{"an exponent", "numeric 1e5 n", false},
		{"a ratio", "numeric 1/2 n", false},
		{"no digits", "numeric - n", false},
		{"no digits behind the point", "numeric 1. n", false},
		{"text without quotes", "text abc n", false},
		{"text in other quotes", "text `abc` n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := readPosition(tt.text)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v, %v, want it taken: %t", p, err, tt.ok)
			}
			if tt.ok && p.String() != tt.text {
				t.Errorf("got %q, want %q", p, tt.text)
			}
		})
	}
}

// A position that is taken is the very text that stands for it.
func FuzzReadPosition(f *testing.F) {
	for _, seed := range []string{"", "timestamptz 2022-03-01T08:00:00.5Z c", "date 2022-03-01 d", "integer 5 id", "numeric -0.50 n", `text "\x00a" n`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := readPosition(text); err == nil && p.String() != text {
			t.Errorf("got %q from %q", p, text)
		}
	})
}

// Whatever a text is, its position is read again as it was.
func TestPositionOfTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := strings.ReplaceAll(strings.ToValidUTF8(rapid.String().Draw(t, "value"), "?"), "\x00", "0")
		p := position{kindText, mark{value: value}, rapid.StringN(1, -1, -1).Draw(t, "column")}
		if got, err := readPosition(p.String()); err != nil || got != p {
			t.Errorf("got %v, %v, want %v", got, err, p)
		}
	})
}

func TestBefore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		kind    kind
		value   string
		overlap int64
		want    string
	}{
		{"a time", kindTimestamptz, "2022-03-01T00:00:00.5Z", (5 * time.Minute).Microseconds(), "2022-02-28T23:55:00.5Z"},
		{"without zone", kindTimestamp, "2022-03-01T00:00:01", 1, "2022-03-01T00:00:00.999999"},
		{"no overlap", kindTimestamp, "2022-03-01T00:00:01", 0, "2022-03-01T00:00:01"},
		{"the first instant", kindTimestamptz, "0001-01-01T00:00:30Z", (5 * time.Minute).Microseconds(), "0001-01-01T00:00:00Z"},
		{"a date by whole days", kindDate, "2022-03-01", 1, "2022-02-28"},
		{"a date by two", kindDate, "2022-03-01", (25 * time.Hour).Microseconds(), "2022-02-27"},
		{"a date by none", kindDate, "2022-03-01", 0, "2022-03-01"},
		{"a number", kindInteger, "5", 1000, "-995"},
		{"the lowest number", kindInteger, "-9223372036854775807", 1000, "-9223372036854775808"},
		{"a numeric", kindNumeric, "5.25", 1000, "-994.75"},
		{"a large one", kindNumeric, "1000000000000000000000000", 1, "999999999999999999999999"},
		{"a text", kindText, "x", 1000, "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := readMark(tt.kind, tt.value)
			if err != nil {
				t.Fatal(err)
			}
			got := m.before(tt.kind, tt.overlap)
			if got.value != tt.want {
				t.Errorf("got %q, want %q", got.value, tt.want)
			}
			if again, err := readMark(tt.kind, got.value); err != nil || again != got {
				t.Errorf("got %v, read again %v, %v", got, again, err)
			}
		})
	}
}

// A number's place is the number rounded down, so that the order of places never
// contradicts that of numbers.
func TestPlaceLaw(t *testing.T) {
	t.Parallel()
	number := rapid.Custom(func(t *rapid.T) string {
		text := rapid.StringMatching(`-?[0-9]{1,25}(\.[0-9]{1,3})?`).Draw(t, "text")
		return text
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		m, err1 := readMark(kindNumeric, a)
		n, err2 := readMark(kindNumeric, b)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if x.Cmp(y) < 0 && m.place > n.place {
			t.Errorf("%s < %s, but the places are %d and %d", a, b, m.place, n.place)
		}
		if at := new(big.Rat).SetInt64(m.place); m.place > math.MinInt64 && m.place < math.MaxInt64 && (at.Cmp(x) > 0 || new(big.Rat).Add(at, big.NewRat(1, 1)).Cmp(x) <= 0) {
			t.Errorf("got the place %d of %s", m.place, a)
		}
	})
}
