package push_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/saidi-exporter/saidi/source/push"
)

// A handler counts the lines of what is pushed; whoever has the token may push.
func ExampleHandler() {
	access, err := push.NewAccess([]push.Token{{Name: "scada", SHA256: digest("a long secret"), Write: true}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := push.New(push.Options{Sources: []string{"north"}, Access: access, Now: time.Now,
		Take: func(_ context.Context, d *push.Delivery) (*push.Answer, error) {
			text, err := io.ReadAll(d.Body)
			n := bytes.Count(text, []byte("\n"))
			return &push.Answer{SHA256: digest(string(text)), Rows: n, Stored: n}, err
		}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, token := range []string{"a long secret", "a guess"} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/events", strings.NewReader("{}\n{}\n"))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		handler.Events().ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	for _, s := range handler.Stats().Writers {
		fmt.Printf("%q: %d rows stored, %d answered by 4xx\n", s.Who, s.Rows.Stored, s.Requests["4xx"])
	}
	// Output:
	// 200
	// 401
	// "": 0 rows stored, 1 answered by 4xx
	// "scada": 2 rows stored, 0 answered by 4xx
}
