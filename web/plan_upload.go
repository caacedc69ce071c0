package web

import (
	"bufio"
	"errors"
	"io"
	"mime/multipart"
	"path"
	"strings"
)

// An upload is what the form of the page of plans sends.
type upload struct {
	source string // by whose mapping the file is read; empty: by known headers
	name   string // of the file, as the browser gives it
	file   io.Reader
}

// Bounds of a form before its file.
const (
	mostParts     = 8   // fields
	longestSource = 256 // bytes
)

// upload reads a form up to its file, which it leaves to be read: nothing of it is
// held. How much a file may have is not for the form to say.
func (v *visit) upload() (up upload, err error) {
	if v.r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return up, errCrossSite
	}
	v.takes = []string{"source", "lang"}
	values := readQuery(v.values, v.takes...)
	if up.source = values.text("source"); values.err != nil {
		return up, values.err
	}
	form, err := v.r.MultipartReader()
	if err != nil {
		return up, errNotAForm
	}
	for range mostParts {
		part, err := form.NextPart()
		switch {
		case err == io.EOF: //nolint:errorlint // of a form that breaks off it is wrapped
			return up, errNoFile
		case err != nil:
			return up, errBroken
		case part.FormName() == "file":
			return up.of(part)
		}
		text, err := io.ReadAll(io.LimitReader(part, longestSource+1))
		if err != nil || len(text) > longestSource {
			return up, errBroken
		}
		if part.FormName() == "source" {
			up.source = string(text)
			v.values.Set("source", up.source)
		}
	}
	return up, errNoFile
}

// of goes on with the part that is the file. A form without one has an empty part
// without a name.
func (up upload) of(part *multipart.Part) (upload, error) {
	up.name = fileName(part.FileName())
	file := bufio.NewReader(part)
	_, err := file.Peek(1)
	switch {
	case errors.Is(err, io.EOF) && up.name == "":
		return up, errNoFile
	case errors.Is(err, io.EOF):
		return up, errEmptyFile
	case err != nil:
		return up, errBroken
	}
	up.file = file
	return up, nil
}

// fileName is the name alone, of browsers that send a path as well.
func fileName(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if name = path.Base(name); name == "." || name == "/" {
		return ""
	}
	return name
}
