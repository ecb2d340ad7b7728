package report

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"notiform/reconcile"
	"notiform/reconcile/diff"
	"notiform/spec"
)

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, before, after, want string }{
		{"a space that does not break", "22:00\u00A0Uhr", "22:00 Uhr", `"22:00\u{A0}Uhr" → "22:00 Uhr"`},
		{"one of another width", "22:00\u2009Uhr", "22:00\u202FUhr", `"22:00\u{2009}Uhr" → "22:00\u{202F}Uhr"`},
		{"an ideographic one", "新人\u3000欢迎", "新人 欢迎", `"新人\u{3000}欢迎" → "新人 欢迎"`},
		{"which came beside another change", "新人\u3000欢迎", "新人 欢迎你", `"新人\u{3000}欢迎" → "新人 欢迎你"`},
		{"which is usual where it stays", "新人\u3000欢迎", "新人\u3000欢迎你", "\"新人\u3000欢迎\" → \"新人\u3000欢迎你\""},
		{"which is as wide as two others", "\u3000新人", "  新人", `"\u{3000}新人" → "  新人"`},
		{"a letter in one piece and in two", "José", "Jose\u0301", `"Jos\u{E9}" → "Jose\u{301}"`},
		{"a letter that is a unit", "10 \u212B", "10 Å", `"10 \u{212B}" → "10 \u{C5}"`},
		{"a character of compatibility", "\uF900", "豈", `"\u{F900}" → "豈"`},
		{"Korean in pieces", "\u1112\u1161\u11AB", "한", `"\u{1112}\u{1161}\u{11AB}" → "한"`},
		{"marks in another order", "a\u0323\u0307", "a\u0307\u0323", `"a\u{323}\u{307}" → "a\u{307}\u{323}"`},
		{"letters with marks stay where they are not the difference", "café\u00A0!", "café !", `"café\u{A0}!" → "café !"`},
		{"a mark without a letter", "\u0301x", "x", `"\u{301}x" → "x"`},
		{"a mark behind an escape", "\n\u0301x", "x", `"\n\u{301}x" → "x"`},
		{"a selector of a picture", "❤\uFE0F", "❤", `"❤\u{FE0F}" → "❤"`},
		{"one that selects nothing", "a\uFE0Fb", "ab", `"a\u{FE0F}b" → "ab"`},
		{"pictures are what they are", "☎️ 1️⃣ 👨‍👩‍👧", "👩‍🚀", `"☎️ 1️⃣ 👨‍👩‍👧" → "👩‍🚀"`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			before, after := literals(diff.Change{Field: "job_name", Op: diff.Replace, Before: spec.TextJSON(row.before), After: spec.TextJSON(row.after)})
			if got := before + " → " + after; got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// seen is a drawn text as a reader sees it.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\uFE0F':
			return -1
		}
		return r
	}, norm.NFC.String(s))
}

// alikeTexts draws two texts of the same letters and spaces, each in forms of its own.
func alikeTexts(t *rapid.T) (a, b string) {
	forms := [][]string{
		{"e", "é", "e\u0301"}, {"\u0301"}, {"=", "=\u0338", "\u0338"}, {"Å", "\u212B"}, {"豈", "\uF900"}, {"中"},
		{"한", "\u1112\u1161\u11AB"}, {"a\u0323\u0307", "a\u0307\u0323"}, {"❤", "❤\uFE0F", "a\uFE0F"},
		{" ", "\u00A0", "\u2003", "\u3000", "\u202F", "  "}, {" ", "\u3000"}, {"\n"}, {`\`, `"`, "\xff"},
	}
	for range rapid.IntRange(1, 5).Draw(t, "length") {
		form := rapid.SampledFrom(rapid.SampledFrom(forms).Draw(t, "letter"))
		a, b = a+form.Draw(t, "one"), b+form.Draw(t, "other")
	}
	return a, b
}

// sides are the drawn lines of a draft before and after its change, without the signs.
func sides(lines []line) (before, after string) {
	var b, a strings.Builder
	for _, l := range lines {
		if l.change != nil {
			x, y := literals(*l.change)
			b.WriteString(x + "\n")
			a.WriteString(y + "\n")
			continue
		}
		if l.sign != '+' {
			b.WriteString(l.text + "\n")
		}
		if l.sign != '-' {
			a.WriteString(l.text + "\n")
		}
	}
	return b.String(), a.String()
}

// TestWhatDiffersLooksDifferent is the law: whatever differs between the server and the file, the
// lines of the one are others than those of the other, also for somebody who cannot tell one space
// from another, nor a letter in one piece from one in two.
func TestWhatDiffersLooksDifferent(t *testing.T) {
	t.Parallel()
	base := diff.State{JobName: "J", PushType: spec.Scheduled, PushScopeType: spec.AllMembers, PushContent: spec.TextJSON(""), Ext: "x"}
	object := func(key, value string) spec.JSON {
		return cardOf("{" + spec.TextJSON(key).String() + ":" + spec.TextJSON(value).String() + "}")
	}
	for what, with := range map[string]func(s string) diff.State{
		"job_name":       func(s string) diff.State { x := base; x.JobName = s; return x },
		"ext":            func(s string) diff.State { x := base; x.Ext = s; return x },
		"ext as JSON":    func(s string) diff.State { x := base; x.Ext = object(s, "v").String(); return x },
		"text of a card": func(s string) diff.State { x := base; x.PushContent = object("k", s); return x },
		"block of a card": func(s string) diff.State {
			x := base
			x.PushContent = object("k", "a\nb\n"+s+"\nc\n")
			return x
		},
		"key of a card": func(s string) diff.State { x := base; x.PushContent = object(s, "v"); return x },
		"member":        func(s string) diff.State { x := base; x.UserList = []spec.Target{{ID: s}}; return x },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				a, b := alikeTexts(t)
				live, desired := with(a), with(b)
				changes := diff.Between(live, desired)
				lines := changeLines(reconcile.PlannedDraft{Live: &live, Desired: &desired, Changes: changes})
				before, after := sides(lines)
				if (len(changes) > 0) != (seen(before) != seen(after)) {
					t.Fatalf("%d changes are drawn as\n%s\n%s", len(changes), before, after)
				}
			})
		})
	}
}

// TestNamesThatDifferLookDifferent holds what stands alone: ids, keys, files and names of people.
func TestNamesThatDifferLookDifferent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := alikeTexts(t)
		if (a == b) != (seen(exact(a)) == seen(exact(b))) {
			t.Fatalf("%q and %q are shown as %s and %s", a, b, exact(a), exact(b))
		}
		if f := (diff.Change{Op: diff.Add, Field: "user_list", After: cardOf(`{"id":"ou_x","name":"Jose\u0301\u00a0张"}`)}); memberText(f) != `ou_x (Jose\u{301}\u{A0}张)` {
			t.Fatalf("a member is shown as %s", memberText(f))
		}
	})
}

func cardOf(src string) spec.JSON {
	v, err := spec.ParseJSON([]byte(src))
	if err != nil {
		panic(err)
	}
	return v
}
