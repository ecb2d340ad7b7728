package command_test

import (
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestPackageDocs wants every room to tell its story in its doc.go, and nowhere else.
func TestPackageDocs(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, s := range code(t) {
		isDoc := path.Base(s.path) == "doc.go"
		switch {
		case s.room() == ".":
		case isDoc && s.file.Doc == nil:
			t.Errorf("%s has no package comment", s.path)
		case !isDoc && s.file.Doc != nil:
			t.Errorf("%s has a package comment, which belongs into doc.go", s.path)
		}
		told[s.room()] = told[s.room()] || s.file.Doc != nil
	}
	for room, ok := range told {
		if !ok {
			t.Errorf("%s has no doc.go", room)
		}
	}
}

// TestExportedDocs wants a comment on every exported name.
func TestExportedDocs(t *testing.T) {
	t.Parallel()
	for _, s := range code(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && receiverExported(d) && d.Doc.Text() == "" && !isErrorMethod(d.Name.Name) {
					t.Errorf("%s: %s has no comment", s.at(d), d.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					wantComment(t, s, d, spec)
				}
			}
		}
	}
}

// isErrorMethod names the methods whose meaning is fixed by package errors and fmt.
func isErrorMethod(name string) bool {
	return name == "Error" || name == "Unwrap"
}

func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if index, ok := receiver.(*ast.IndexExpr); ok {
		receiver = index.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}

// wantComment wants one on the name itself or, for constants and variables, on their group.
func wantComment(t *testing.T, s source, d *ast.GenDecl, spec ast.Spec) {
	t.Helper()
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && spec.Doc.Text()+d.Doc.Text() == "" {
			t.Errorf("%s: %s has no comment", s.at(spec), spec.Name)
		}
	case *ast.ValueSpec:
		if d.Tok != token.IMPORT && spec.Names[0].IsExported() && spec.Doc.Text()+d.Doc.Text()+spec.Comment.Text() == "" {
			t.Errorf("%s: %s has no comment", s.at(spec), spec.Names[0])
		}
	}
}

// TestNothingUnfinished wants no note of something still to be done, no test that is left out but
// those that need a program of npm, a shell or a browser that is not there, and no path of the machine that it was written on.
func TestNothingUnfinished(t *testing.T) {
	t.Parallel()
	note := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`)
	machine := regexp.MustCompile(`[^.\w]/wo` + `rk/`)
	mayBeLeftOut := []string{"feishu/sandbox/sdk_test.go", "spec/editor_test.go", "reconcile/command/completion_test.go", "reconcile/report/browser_test.go", "reconcile/report/browser_preview_test.go"}
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			if word := note.FindString(group.Text()); word != "" {
				t.Errorf("%s: %s", s.at(group), word)
			}
		}
		calls(s, func(name string, at ast.Node) {
			for _, leaves := range []string{"Skip", "Skipf", "SkipNow"} {
				if s.isTest() && !slices.Contains(mayBeLeftOut, s.path) && (name == "t."+leaves || name == "b."+leaves || name == "f."+leaves) {
					t.Errorf("%s: %s leaves a test out", s.at(at), name)
				}
			}
		})
		src, err := os.ReadFile(filepath.Join(root(t), s.path))
		if err != nil {
			t.Fatal(err)
		}
		if name := machine.Find(src); name != nil {
			t.Errorf("%s names a path of one machine: %s", s.path, name)
		}
	}
}
