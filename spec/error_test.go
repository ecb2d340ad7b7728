package spec

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// now is the time in tests.
func now() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

func TestDiagnosticString(t *testing.T) {
	t.Parallel()
	d := Diagnostic{Pos: Pos{"drafts/vpn.yaml", 2, 1}, Severity: Error, Rule: "unknown-field", Message: `unknown field "titel"`, Hint: "x"}
	if got, want := d.String(), `drafts/vpn.yaml:2:1: error: unknown field "titel" [unknown-field]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSortDiagnostics(t *testing.T) {
	t.Parallel()
	sorted := []Diagnostic{
		{Pos: Pos{"a", 2, 1}, Rule: "x"},
		{Pos: Pos{"a", 10, 1}, Rule: "x"},
		{Pos: Pos{"a", 10, 2}, Rule: "x"},
		{Pos: Pos{"a", 10, 2}, Rule: "y", Message: "a"},
		{Pos: Pos{"a", 10, 2}, Rule: "y", Message: "b"},
		{Pos: Pos{"a", 10, 2}, Rule: "y", Message: "b", Hint: "a"},
		{Pos: Pos{"b", 1, 1}, Rule: "x"},
	}
	for range 20 {
		shuffled := slices.Clone(sorted)
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		sortDiagnostics(shuffled)
		if !slices.Equal(shuffled, sorted) {
			t.Fatalf("got %v", shuffled)
		}
	}
}

func TestSeverityText(t *testing.T) {
	t.Parallel()
	for _, s := range []Severity{Error, Warning, Off} {
		if got, ok := parseSeverity(s.String()); got != s || !ok {
			t.Errorf("%s: got %v, %v", s, got, ok)
		}
	}
	if _, ok := parseSeverity(Severity(0).String()); ok {
		t.Error("the zero severity is a severity")
	}
}

// TestOthersEscapesAreOurs: what another package quotes is told in the form of all messages, and a
// backslash that escapes nothing stays one.
func TestOthersEscapesAreOurs(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		`plain`:                 `plain`,
		`after '\u00a0' comes`:  `after '\u{A0}' comes`,
		`"\ufeffid"`:            `"\u{FEFF}id"`,
		`\U000e0041\x9b`:        `\u{E0041}\x9B`,
		`a tab \t, one \\ , \q`: `a tab \t, one \\ , \q`,
		`at the end \`:          `at the end \`,
		`\u00e9 is seen`:        `é is seen`,
	} {
		if got := inOurEscapes(errors.New(said)); got != want {
			t.Errorf("%s: got %s, want %s", said, got, want)
		}
	}
}
