package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A File is one Go file of the module, for whatever platform.
type File struct {
	Path string // in the module, with slashes
	Text string
}

// Files reads every Go file below the module's root dir, apart from folders
// that the go command leaves out.
func Files(dir string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != dir && (leftOut(entry.Name()) || isModule(name)):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		local, err := filepath.Rel(dir, name)
		files = append(files, File{Path: filepath.ToSlash(local), Text: string(text)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read source: %w", err)
	}
	return files, nil
}

func leftOut(folder string) bool {
	return folder == "testdata" || strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_")
}

// isModule says whether a folder is a module of its own.
func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

// CheckSource says in what the files break the rules of the house, in sorted
// order: the clock is read in commands and internal/app only, nothing runs
// before main, every package says what it is, and none is named after nothing.
// Test files may read the clock.
func CheckSource(files []File) ([]string, error) {
	var denials []string
	documented := map[string]bool{} // by folder
	set := token.NewFileSet()
	for _, f := range files {
		parsed, err := parser.ParseFile(set, f.Path, f.Text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse source: %w", err)
		}
		folder := path.Dir(f.Path)
		documented[folder] = documented[folder] || isDocumented(parsed)
		if !strings.HasSuffix(f.Path, "_test.go") {
			denials = append(denials, checkFile(set, folder, parsed)...)
		}
	}
	for folder, ok := range documented {
		if !ok {
			denials = append(denials, fmt.Sprintf("%s: no doc comment says what the package is", folder))
		}
	}
	slices.Sort(denials)
	return slices.Compact(denials), nil
}

// isDocumented says whether the file carries the doc comment of its package; a
// command's tells what it does.
func isDocumented(file *ast.File) bool {
	if file.Name.Name == "main" {
		return file.Doc.Text() != ""
	}
	return strings.HasPrefix(file.Doc.Text(), "Package "+file.Name.Name+" ")
}

func checkFile(set *token.FileSet, folder string, file *ast.File) []string {
	var denials []string
	deny := func(at ast.Node, reason string) {
		denials = append(denials, fmt.Sprintf("%s: %s", set.Position(at.Pos()), reason))
	}
	if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "model", "base", "misc"}, file.Name.Name) {
		deny(file.Name, fmt.Sprintf("package %s: a package is named after what it holds", file.Name.Name))
	}
	clock := !matchesAny([]string{"cmd/...", "internal/app"}, folder)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				deny(n, "func init: nothing runs before main; let a constructor do it")
			}
		case *ast.SelectorExpr:
			if clock && readsClock(n, importName(file, "time")) {
				deny(n, fmt.Sprintf("time.%s: only commands and internal/app read the clock; take the instant as an argument", n.Sel.Name))
			}
		}
		return true
	})
	return denials
}

func readsClock(n *ast.SelectorExpr, name string) bool {
	x, ok := n.X.(*ast.Ident)
	return ok && name != "" && x.Name == name && slices.Contains([]string{"Now", "Since", "Until"}, n.Sel.Name)
}

// importName gives the name under which the file imports a package of the
// standard library, empty where it does not.
func importName(file *ast.File, imported string) string {
	for _, i := range file.Imports {
		if i.Path.Value != `"`+imported+`"` {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}
