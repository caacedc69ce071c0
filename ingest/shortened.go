package ingest

import "strings"

// longestValue bounds the bytes of a cell or row that a rejection keeps.
const longestValue = 500

// joined is a row for a message.
func joined(cells [][]byte) string {
	var text []byte
	for i, cell := range cells {
		if i > 0 {
			text = append(text, ',')
		}
		if text = append(text, cell[:min(len(cell), longestValue)]...); len(text) > longestValue {
			break
		}
	}
	return shortened(text)
}

// shortened is a text for a message: valid UTF-8 of bounded length.
func shortened(text []byte) string {
	if len(text) > longestValue {
		return strings.ToValidUTF8(string(text[:longestValue]), "") + "…"
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}
