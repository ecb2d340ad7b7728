package pipelines_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

// contexts are what the expressions of a workflow can name: github, inputs, steps and so on.
type contexts map[string]any

// expand puts the values of the expressions into a text.
func (c contexts) expand(t *testing.T, text string, ok bool) string {
	t.Helper()
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		expression, after, found := strings.Cut(rest, "}}")
		if !found {
			t.Fatalf("%q has no end", rest)
		}
		b.WriteString(asText(c.value(t, expression, ok)))
		text = after
	}
}

// holds is the value of an if. Without a word on the status it holds only after success.
func (c contexts) holds(t *testing.T, condition string, ok bool) bool {
	t.Helper()
	if condition == "" {
		return ok
	}
	if !strings.Contains(condition, "always()") && !ok {
		return false
	}
	return truth(c.value(t, strings.TrimSuffix(strings.TrimPrefix(condition, "${{"), "}}"), ok))
}

// value is the value of an expression as GitHub defines it.
func (c contexts) value(t *testing.T, expression string, ok bool) any {
	t.Helper()
	node, fault := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(expression + "}}"))
	if fault != nil {
		t.Fatalf("%s: %v", expression, fault)
	}
	return c.node(t, node, ok)
}

func (c contexts) node(t *testing.T, n actionlint.ExprNode, ok bool) any {
	t.Helper()
	switch n := n.(type) {
	case *actionlint.NullNode:
		return nil
	case *actionlint.BoolNode:
		return n.Value
	case *actionlint.IntNode:
		return float64(n.Value)
	case *actionlint.StringNode:
		return n.Value
	case *actionlint.VariableNode:
		known, exists := c[n.Name]
		if !exists {
			t.Fatalf("there is no context %s here", n.Name)
		}
		return known
	case *actionlint.ObjectDerefNode:
		return member(c.node(t, n.Receiver, ok), n.Property)
	case *actionlint.NotOpNode:
		return !truth(c.node(t, n.Operand, ok))
	case *actionlint.CompareOpNode:
		same := equal(c.node(t, n.Left, ok), c.node(t, n.Right, ok))
		if !n.Kind.IsEqualityOp() {
			t.Fatalf("the tests do not compare by %s", n.Kind)
		}
		return same == (n.Kind == actionlint.CompareOpNodeKindEq)
	case *actionlint.LogicalOpNode:
		left := c.node(t, n.Left, ok)
		if truth(left) == (n.Kind == actionlint.LogicalOpNodeKindOr) {
			return left
		}
		return c.node(t, n.Right, ok)
	case *actionlint.FuncCallNode:
		switch n.Callee {
		case "always":
			return true
		case "success":
			return ok
		case "endsWith":
			text, end := asText(c.node(t, n.Args[0], ok)), asText(c.node(t, n.Args[1], ok))
			return strings.HasSuffix(strings.ToLower(text), strings.ToLower(end))
		}
	}
	t.Fatalf("the tests do not know %T", n)
	return nil
}

// member is a member of an object, by its name without regard to case; what is not there is null.
func member(object any, name string) any {
	switch object := object.(type) {
	case map[string]any:
		for key, value := range object {
			if strings.EqualFold(key, name) {
				return value
			}
		}
	case map[string]string:
		for key, value := range object {
			if strings.EqualFold(key, name) {
				return value
			}
		}
	}
	return nil
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

// equal compares without regard to case, and as numbers what is not of one type.
func equal(a, b any) bool {
	x, isText := a.(string)
	if y, both := b.(string); isText && both {
		return strings.EqualFold(x, y)
	}
	return number(a) == number(b)
}

func number(v any) float64 {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 1
		}
		return 0
	case float64:
		return v
	case string:
		if v == "" {
			return 0
		}
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return n
		}
	}
	return math.NaN()
}

func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// TestExpressions holds the evaluation that the other tests stand on against GitHub's words.
func TestExpressions(t *testing.T) {
	t.Parallel()
	c := contexts{"inputs": map[string]any{"empty": "", "digest": "sha256:1"}, "github": map[string]any{"event": map[string]any{"n": 7.0}}}
	for _, test := range []struct{ why, text, want string }{
		{"a member of a member", "n=${{ github.event.n }}", "n=7"},
		{"what is not there is empty", "${{ github.event.nobody.nothing }}", ""},
		{"and null equals the empty text", "${{ inputs.nothing != '' }}", "false"},
		{"or gives the first that is true", "${{ inputs.empty || 'reviewed' }}", "reviewed"},
		{"and gives the last", "${{ inputs.digest == 'SHA256:1' && inputs.digest || 'no' }}", "sha256:1"},
		{"two in one text", "${{ inputs.digest }} ${{ !inputs.empty }}", "sha256:1 true"},
	} {
		if got := c.expand(t, test.text, true); got != test.want {
			t.Errorf("%s: %s is %q, want %q", test.why, test.text, got, test.want)
		}
	}
	if c.holds(t, "inputs.digest == 'sha256:1'", false) || !c.holds(t, "always() && inputs.digest != ''", false) {
		t.Error("a step runs after a failure only when it says always()")
	}
}
