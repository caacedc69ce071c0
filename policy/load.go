package policy

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/saidi-exporter/saidi/internal/strictyaml"
)

//go:embed qinghai.yaml
var qinghai string

// Qinghai is the policy of 青发改能源〔2021〕101号 二(四), which the program
// follows unless it is told otherwise.
func Qinghai() *Policy {
	p, err := Parse("qinghai.yaml", []byte(qinghai))
	if err != nil {
		panic(fmt.Sprintf("policy: the embedded file: %v", err))
	}
	return p
}

// Load reads a policy from the file at path.
func Load(path string) (*Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a policy from the bytes of one YAML file; name stands in the
// messages. The error joins one for every mistake, each "name:line: " and what
// is wrong.
func Parse(name string, data []byte) (*Policy, error) {
	d := newDecoder(name)
	root, err := strictyaml.Document(name, data)
	if err != nil {
		return nil, err
	}
	draft := d.draft(root)
	p := d.check(draft)
	if err := d.Err(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	p.SHA256 = hex.EncodeToString(sum[:])
	return p, nil
}
