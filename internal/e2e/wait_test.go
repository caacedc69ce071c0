package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
)

const (
	pollAnswer = 10 * time.Second // for one answer
	soon       = 45 * time.Second // for what takes seconds, on a machine that has other things to do
)

// ready waits until a server answers at a URL with 200.
func ready(t *testing.T, p *program.Program, url string) {
	t.Helper()
	program.Eventually(t, soon, p.Name+" is ready", func() error {
		if p.Gone() {
			t.Fatalf("%s ended by itself", p.Name)
		}
		_, err := get(t, url)
		return err
	})
}

// get reads what is at a URL; any status but 200 is an error.
func get(t *testing.T, url string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pollAnswer)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", url, err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s: %s", url, answer.Status, body)
	}
	return body, nil
}

// getJSON reads JSON from a URL.
func getJSON(t *testing.T, url string, into any) error {
	t.Helper()
	body, err := get(t, url)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	return nil
}
