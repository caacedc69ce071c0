package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// explain adds to an error of the server what to do about it, where the error
// alone does not say it.
func explain(err error, timeout time.Duration) error {
	told, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("no answer within %v: %w", timeout, err)
		}
		return err
	}
	if advice := advice(told.Code, timeout); advice != "" {
		return fmt.Errorf("%w: %s", err, advice)
	}
	return err
}

// advice is what to do about an error with a code of PostgreSQL.
func advice(code string, timeout time.Duration) string {
	switch code {
	case "28P01", "28000":
		return "check user and password, and what the server's pg_hba.conf allows"
	case "3D000":
		return "check the name of the database"
	case "42P01":
		return "check the table's name and the search_path of the user"
	case "42703":
		return "check the names of the columns"
	case "42501":
		return "grant the user SELECT on what the query reads, and USAGE on its schema"
	case "42601":
		return "the query must be one SELECT that can stand in parentheses"
	case "25006":
		return "the query must only read"
	case "57014":
		return fmt.Sprintf("ended, probably because it took longer than %v: index the watermark, or raise the timeout", timeout)
	case "53300":
		return "the server has no connection left"
	case "57P01", "57P02", "57P03":
		return "the server is stopping or starting"
	}
	return ""
}
