package arch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// A Package is what the rules look at of one package. What its tests import
// does not count.
type Package struct {
	Path    string   // in the module
	Local   []string // what it imports of the module, by path in the module
	Foreign []string // what it imports of the standard library and of other modules
}

// Packages lists the packages of the module whose root is dir, by way of
// "go list". A package that does not compile is listed too.
func Packages(dir string) ([]Package, error) {
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Module", "./...")
	list.Dir = dir
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	return decodePackages(strings.NewReader(string(out)))
}

// decodePackages reads what "go list -json" writes: one object a package.
func decodePackages(r io.Reader) ([]Package, error) {
	var pkgs []Package
	for in := json.NewDecoder(r); ; {
		var listed struct {
			ImportPath string
			Imports    []string
			Module     struct{ Path string }
		}
		err := in.Decode(&listed)
		if errors.Is(err, io.EOF) {
			return pkgs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("decode package list: %w", err)
		}
		pkgs = append(pkgs, split(listed.Module.Path, listed.ImportPath, listed.Imports))
	}
}

func split(module, path string, imports []string) Package {
	p := Package{Path: inModule(module, path)}
	for _, i := range imports {
		if local := inModule(module, i); local != i {
			p.Local = append(p.Local, local)
		} else {
			p.Foreign = append(p.Foreign, i)
		}
	}
	return p
}

// inModule cuts the module's path off; another module's package stays whole.
func inModule(module, path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// CheckImports says in what the packages break the tables of layers and bans,
// each with the reason for the rule, in sorted order; nothing where they keep
// them.
func CheckImports(pkgs []Package) []string {
	denials := append(checkLayers(layers(), pkgs), checkBans(bans(), pkgs)...)
	slices.Sort(denials)
	return slices.Compact(denials)
}
