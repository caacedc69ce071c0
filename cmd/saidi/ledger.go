package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/saidi-exporter/saidi/policy"
)

// loadLedger reads the ledger; one that is not there yet is begun, with the
// targets of the policy to fill in.
func (r *reporting) loadLedger(w world) error {
	if r.ledgerPath == "" {
		return nil
	}
	data, err := os.ReadFile(r.ledgerPath)
	if errors.Is(err, fs.ErrNotExist) {
		data = policy.NewLedger(r.policy)
		fmt.Fprintf(w.stderr, "saidi: %s is new: a ledger without measures, with every target to fill in\n", r.ledgerPath)
		err = write(w, r.ledgerPath, func(out io.Writer) error { _, err := out.Write(data); return err })
	}
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	r.ledger, err = policy.ParseLedger(r.ledgerPath, data, r.policy)
	return err
}
