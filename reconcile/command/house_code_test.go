package command_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// calls finds whatever a file calls or mentions of another package: "os.Exit".
func calls(s source, found func(name string, at ast.Node)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			found(types.ExprString(selector), n)
		}
		return true
	})
}

// TestOnlyMainTouchesTheWorld keeps what ends a process to the main of each program, and what cannot
// be cancelled and what reads the environment to the one function that joins a run with its process.
func TestOnlyMainTouchesTheWorld(t *testing.T) {
	t.Parallel()
	forbidden := []string{
		"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", // they skip what was deferred
		"context.Background", "context.TODO", // they cannot be cancelled
		"os.Getenv", "os.LookupEnv", "os.Environ", "time.Sleep",
	}
	recipes := []string{"examples/pipelines/github/action/main.go", "examples/pipelines/gitlab/main.go"}
	exits := map[string]int{}
	for _, s := range code(t) {
		calls(s, func(name string, at ast.Node) {
			joins := (s.path == "reconcile/command/system.go" || slices.Contains(recipes, s.path)) && name != "time.Sleep" && name != "os.Exit"
			switch {
			case name == "os.Exit" && (s.path == "main.go" || slices.Contains(recipes, s.path)):
				exits[s.path]++
			case slices.Contains(forbidden, name) && !joins:
				t.Errorf("%s: %s touches the world", s.at(at), name)
			}
		})
	}
	if exits["main.go"] != 1 || exits[recipes[0]] != 1 || exits[recipes[1]] != 1 {
		t.Errorf("os.Exit stands in %v, want one in each main.go", exits)
	}
}

// TestNoState forbids init functions and package variables, except for error values, compiled
// regular expressions, embedded files and assertions.
func TestNoState(t *testing.T) {
	t.Parallel()
	for _, s := range code(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: init runs before anybody asked", s.at(d))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR && !isFixed(d, v) {
						t.Errorf("%s: %s is a package variable", s.at(v), v.Names[0])
					}
				}
			}
		}
	}
}

func isFixed(d *ast.GenDecl, v *ast.ValueSpec) bool {
	if v.Names[0].Name == "_" || d.Doc != nil && slices.ContainsFunc(d.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
		return true
	}
	for _, value := range v.Values {
		call, ok := value.(*ast.CallExpr)
		if !ok || !slices.Contains([]string{"errors.New", "fmt.Errorf", "regexp.MustCompile"}, types.ExprString(call.Fun)) {
			return false
		}
	}
	return len(v.Values) > 0
}

// TestContextFirst wants a context to be the first parameter where there is one.
func TestContextFirst(t *testing.T) {
	t.Parallel()
	for _, s := range code(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncType)
			if !ok {
				return true
			}
			for i, p := range f.Params.List {
				if isContext(p.Type) && i > 0 && !isContext(f.Params.List[0].Type) {
					t.Errorf("%s: the context is not first", s.at(p))
				}
			}
			return true
		})
	}
}

func isContext(e ast.Expr) bool { return types.ExprString(e) == "context.Context" }

// TestSizes keeps functions and files short enough to be read.
func TestSizes(t *testing.T) {
	t.Parallel()
	var lengths []int
	for _, s := range code(t) {
		if lines := s.set.Position(s.file.End()).Line; lines > 400 {
			t.Errorf("%s has %d lines, want at most 400", s.path, lines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			if lengths = append(lengths, lines); lines > 80 {
				t.Errorf("%s: %s has %d lines, want at most 80", s.at(f), f.Name, lines)
			}
		}
	}
	slices.Sort(lengths)
	if p50, p95 := lengths[len(lengths)/2], lengths[len(lengths)*95/100]; p50 > 10 || p95 > 40 {
		t.Errorf("half of the functions have up to %d lines, and 95 %% up to %d; want 10 and 40", p50, p95)
	}
}

// TestNeverSends wants none of the words in the code with which Feishu is told to submit, show,
// send or recall a notification. Only the stand-in of Feishu knows them.
func TestNeverSends(t *testing.T) {
	t.Parallel()
	for _, s := range code(t) {
		if s.room() == "feishu/sandbox" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if _, isImport := n.(*ast.ImportSpec); isImport {
				return false // the room that draws a preview asks nobody for anything; see TestRooms
			}
			literal, ok := n.(*ast.BasicLit)
			for _, word := range []string{"submit_approve", "cancel_approve", "execute_send", "cancel_send", "/preview"} {
				if ok && strings.Contains(literal.Value, word) {
					t.Errorf("%s: %s can send", s.at(n), literal.Value)
				}
			}
			return true
		})
	}
}
