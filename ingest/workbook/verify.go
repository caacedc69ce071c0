package workbook

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errClosed ends a check that nobody waits for any more.
var errClosed = errors.New("closed")

// Verify waits for the check of the sheets' XML and gives the damage found: a
// damaged sheet must not pass for a short one. It is to be called once all
// sheets are read, and the check runs beside the reading.
func (b *Book) Verify() error {
	err := <-b.checked
	b.checked <- err
	return err
}

// check reads the XML of every sheet and of the shared strings to its end, once.
func (b *Book) check(path string) {
	b.checked <- b.checkParts(path)
}

func (b *Book) checkParts(path string) (err error) {
	defer guard(&err)
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("open the workbook's archive again: %w", err)
	}
	defer archive.Close()
	for _, part := range archive.File {
		if !streamed(part.Name) {
			continue
		}
		if err := b.checkPart(part); err != nil {
			return fmt.Errorf("the workbook's part %s is damaged: %w", part.Name, err)
		}
	}
	return nil
}

// streamed says whether the part is a sheet or the shared strings.
func streamed(part string) bool {
	part = strings.ToLower(strings.ReplaceAll(part, "\\", "/"))
	return strings.HasPrefix(part, "xl/worksheets/") && strings.HasSuffix(part, ".xml") || part == "xl/sharedstrings.xml"
}

func (b *Book) checkPart(part *zip.File) error {
	src, err := part.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	decoder := xml.NewDecoder(src)
	decoder.CharsetReader = b.file.CharsetReader
	for !b.closing.Load() {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return errClosed
}
