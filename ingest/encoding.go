package ingest

import (
	"bytes"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of text, as [outage.Delivery] names them.
const (
	encodingUTF8    = "UTF-8"
	encodingGB18030 = "GB18030"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingLatin1  = "latin-1"
	encoding1252    = "windows-1252"
)

// encodingWords are what a mapping may call them.
var encodingWords = map[string]string{
	"utf8": encodingUTF8, "utf8bom": encodingUTF8, "utf8sig": encodingUTF8,
	"gb18030": encodingGB18030, "gbk": encodingGB18030, "gb2312": encodingGB18030, "cp936": encodingGB18030,
	"utf16": encodingUTF16LE, "utf16le": encodingUTF16LE, "utf16be": encodingUTF16BE,
	"latin1": encodingLatin1, "iso88591": encodingLatin1,
	"windows1252": encoding1252, "cp1252": encoding1252,
}

func (d *document) encoding(n *yaml.Node) (string, error) {
	word, err := d.word(n)
	if err != nil {
		return "", err
	}
	name, ok := encodingWords[strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(word))]
	if !ok {
		return "", d.unknown(n, "encoding", word, []string{"utf-8", "gb18030", "gbk", "utf-16", "latin-1", "windows-1252"})
	}
	return name, nil
}

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	bomUTF16LE = []byte{0xFF, 0xFE}
	bomUTF16BE = []byte{0xFE, 0xFF}
)

// bomEncoding is the encoding that a byte order mark names, empty without one.
func bomEncoding(head []byte) string {
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		return encodingUTF8
	case bytes.HasPrefix(head, bomUTF16LE):
		return encodingUTF16LE
	case bytes.HasPrefix(head, bomUTF16BE):
		return encodingUTF16BE
	}
	return ""
}

// decoded gives src, which is in the encoding named, as UTF-8 without a byte
// order mark.
func decoded(src io.Reader, name string) io.Reader {
	switch name {
	case encodingGB18030:
		return transform.NewReader(src, simplifiedchinese.GB18030.NewDecoder())
	case encodingUTF16LE:
		return transform.NewReader(src, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case encodingUTF16BE:
		return transform.NewReader(src, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case encodingLatin1:
		return transform.NewReader(src, charmap.ISO8859_1.NewDecoder())
	case encoding1252:
		return transform.NewReader(src, charmap.Windows1252.NewDecoder())
	}
	return withoutBOM(src)
}

// withoutBOM takes the byte order mark of UTF-8 away.
func withoutBOM(src io.Reader) io.Reader {
	head := make([]byte, len(bomUTF8))
	n, _, err := readFull(src, head)
	head = bytes.TrimPrefix(head[:n], bomUTF8)
	if err != nil {
		return io.MultiReader(bytes.NewReader(head), failing{err})
	}
	return io.MultiReader(bytes.NewReader(head), src)
}

// failing is a reader that gives an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
