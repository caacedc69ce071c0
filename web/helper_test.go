package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"net/http/httptest"
	"strconv"
	"testing"
)

func validJSON(text string) bool { return json.Valid([]byte(text)) }

// two writes a number with two decimals.
func two(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// hundreds writes the customer-hours of a hundred customers.
func hundreds(hours float64) string { return strconv.Itoa(int(math.Round(hours * 100))) }

// unpacked gives the body of an answer, and whether it was packed.
func unpacked(t *testing.T, w *httptest.ResponseRecorder) (body string, packed bool) {
	t.Helper()
	if w.Header().Get("Content-Encoding") != "gzip" {
		return w.Body.String(), false
	}
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), true
}
