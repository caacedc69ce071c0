package ingest

import (
	"bytes"
	"fmt"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// gb18030Chunk is how much text is checked at a time, in bytes.
const gb18030Chunk = 256 << 10

// badGB18030 reads src and gives the offset of the first bytes that are not
// GB18030, -1 where all of them are. The decoder says nothing of them: it writes
// U+FFFD, which the encoding can also write out (84 31 A4 37).
func badGB18030(src io.Reader) (int64, error) {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	in, out := make([]byte, gb18030Chunk), make([]byte, 3*gb18030Chunk)
	held, offset := 0, int64(0)
	for {
		n, last, err := readFull(src, in[held:])
		if err != nil {
			return 0, err
		}
		held += n
		toOut, fromIn, _ := decoder.Transform(out, in[:held], last)
		if bytes.Contains(out[:toOut], []byte("\uFFFD")) {
			if at := locate(decoder, in[:fromIn]); at >= 0 {
				return offset + int64(at), nil
			}
		}
		if last {
			return -1, nil
		}
		held = copy(in, in[fromIn:held])
		offset += int64(fromIn)
	}
}

// locate finds the first character of text that does not decode.
func locate(decoder *encoding.Decoder, text []byte) int {
	var out [16]byte
	for i := 0; i < len(text); {
		n := 1
		switch {
		case text[i] <= 0x80:
		case i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			n = 4
		default:
			n = 2
		}
		char := text[i:min(i+n, len(text))]
		to, _, _ := decoder.Transform(out[:], char, true)
		if bytes.Contains(out[:to], []byte("\uFFFD")) && !bytes.Equal(char, []byte{0x84, 0x31, 0xA4, 0x37}) {
			return i
		}
		i += n
	}
	return -1
}

// badEncoding is the error of a text in none of the encodings that are tried.
func badEncoding(utf8At, gbAt int64) error {
	return fmt.Errorf("neither UTF-8 (the byte at offset %d is wrong) nor GB18030 (the byte at offset %d is wrong): if it is another encoding, name it in a mapping, such as encoding: latin-1 or windows-1252", utf8At, gbAt)
}
