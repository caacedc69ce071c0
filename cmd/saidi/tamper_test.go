package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// tamper is a program of scripts that puts a text in place of another, once or, with
// a fourth word, everywhere, in a file; of a workbook once, in the first part that
// has it:
//
//	exec tamper FILE OLD NEW [everywhere]
func tamper() {
	if err := tamperWith(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tamper:", err)
		os.Exit(exitFailed)
	}
}

func tamperWith(args []string) error {
	times := 1
	switch len(args) {
	case 3:
	case 4:
		times = -1
	default:
		return errors.New("usage: tamper FILE OLD NEW [everywhere]")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	before := data
	if bytes.HasPrefix(data, []byte("PK")) {
		data, err = inParts(data, []byte(args[1]), []byte(args[2]))
	} else {
		data = bytes.Replace(data, []byte(args[1]), []byte(args[2]), times)
	}
	if err == nil && bytes.Equal(before, data) {
		err = fmt.Errorf("%s does not hold %q", args[0], args[1])
	}
	return errors.Join(err, os.WriteFile(args[0], data, 0o644)) //nolint:gosec // the file of a script
}

// inParts replaces a text in the first part of a workbook that has it.
func inParts(data, old, with []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	out, done := zip.NewWriter(&b), false
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(from)
		if err != nil {
			return nil, err
		}
		to, err := out.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if !done && bytes.Contains(text, old) {
			text, done = bytes.Replace(text, old, with, 1), true
		}
		if _, err := to.Write(text); err != nil {
			return nil, err
		}
	}
	err = out.Close()
	if !done {
		return data, err
	}
	return b.Bytes(), err
}
