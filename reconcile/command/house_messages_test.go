package command_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// tables are the files besides messages.go that may hold sentences, as a column of their data.
func tables() []string {
	return []string{
		"spec/rule.go",                         // the catalogue of rules, with a summary of each
		"spec/messages_create.go",              // what create writes into a file; messages.go is long enough
		"spec/messages_schema.go",              // what an editor shows; messages.go is long enough
		"spec/card/rule.go",                    // those on what is within a card
		"reconcile/report/rule.go",             // that of what a plan or a result is warned of
		"reconcile/report/messages_ticket.go",  // what a ticket is told, in two languages beside each other
		"reconcile/command/messages_create.go", // what create alone says; messages.go is long enough
		"reconcile/command/messages_doctor.go", // what doctor and who say; messages.go is long enough
		"reconcile/command/messages_explain.go",
		"reconcile/command/messages_help.go",   // what help and completion say
		"reconcile/command/messages_import.go", // what import says
		"spec/messages_author.go",              // what people mistype; messages.go is long enough
		"reconcile/command/messages_preview.go",
	}
}

// spoken are the sources that people read sentences of, by room. The stand-in of Feishu says what
// Feishu says.
func spoken(t *testing.T) map[string][]source {
	t.Helper()
	rooms := map[string][]source{}
	for _, s := range code(t) {
		if s.room() != "feishu/sandbox" {
			rooms[s.room()] = append(rooms[s.room()], s)
		}
	}
	return rooms
}

// sentence is what a literal needs to be one: two words, with a blank between.
var sentence = regexp.MustCompile(`\pL[,.:!?)]* +\pL`)

// TestSentencesStandInOneTable wants what people read where it can be found, judged and one day
// translated: in the messages.go of its room, as constants, and nowhere else.
func TestSentencesStandInOneTable(t *testing.T) {
	t.Parallel()
	for _, sources := range spoken(t) {
		for _, s := range sources {
			literals := read(t, s)
			isTable := slices.Contains(tables(), s.path)
			if isTable && len(literals) == 0 {
				t.Errorf("%s may hold sentences, and holds none", s.path)
			}
			for _, literal := range literals {
				if !isTable && !isMessages(s) {
					t.Errorf("%s: %s stands outside messages.go", s.at(literal), literal.Value)
				}
			}
		}
	}
}

func isMessages(s source) bool { return path.Base(s.path) == "messages.go" }

// read are the literals of a file that people may read a sentence in. What a panic says is for us,
// and a constant that has a type is one value of a closed set, which programs read.
func read(t *testing.T, s source) []*ast.BasicLit {
	t.Helper()
	var literals []*ast.BasicLit
	apart := map[ast.Node]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			apart[n.Tag] = true
		case *ast.GenDecl:
			for _, value := range ofAType(n) {
				apart[value] = true
			}
		case *ast.CallExpr:
			return !slices.Contains([]string{"panic", "regexp.MustCompile"}, types.ExprString(n.Fun))
		case *ast.BasicLit:
			if isText(n) && !apart[n] && sentence.MatchString(text(t, n)) {
				literals = append(literals, n)
			}
		}
		return true
	})
	return literals
}

// ofAType are the values of a group of constants that have a type.
func ofAType(group *ast.GenDecl) []ast.Expr {
	var values []ast.Expr
	for _, spec := range group.Specs {
		if constant, ok := spec.(*ast.ValueSpec); ok && group.Tok == token.CONST && constant.Type != nil {
			values = append(values, constant.Values...)
		}
	}
	return values
}

func text(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMessagesAreATable wants a messages.go to be nothing but names of texts, each written in one
// piece and used: no sentence is put together from fragments, which nobody could translate.
func TestMessagesAreATable(t *testing.T) {
	t.Parallel()
	for _, sources := range spoken(t) {
		messages := map[string]string{} // where each is
		for _, s := range sources {
			if isMessages(s) {
				entries(t, s, messages)
			}
		}
		said := map[string]bool{}
		for _, s := range sources {
			if !isMessages(s) {
				wantWhole(t, s, messages, said)
			}
		}
		for name, at := range messages {
			if !said[name] {
				t.Errorf("%s: nobody says %s", at, name)
			}
		}
	}
}

// entries adds the constants of a messages.go to messages.
func entries(t *testing.T, s source, messages map[string]string) {
	t.Helper()
	for _, d := range s.file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			t.Errorf("%s is no constant", s.at(d))
			continue
		}
		for _, entry := range group.Specs {
			entry := entry.(*ast.ValueSpec)
			if len(entry.Values) != 1 || !isText(entry.Values[0]) {
				t.Errorf("%s: %s is not one text", s.at(entry), entry.Names[0])
			}
			messages[entry.Names[0].Name] = s.at(entry)
		}
	}
}

func isText(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	return ok && literal.Kind == token.STRING
}

// wantWhole wants no message to be added to, and notes in said what a file names.
func wantWhole(t *testing.T, s source, messages map[string]string, said map[string]bool) {
	t.Helper()
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			said[n.Name] = true
		case *ast.BinaryExpr:
			for _, operand := range []ast.Expr{n.X, n.Y} {
				if name := types.ExprString(operand); n.Op == token.ADD && messages[name] != "" {
					t.Errorf("%s: %s is put together with something", s.at(n), name)
				}
			}
		}
		return true
	})
}
