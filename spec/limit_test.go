package spec

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lowest turns off every rule that can be.
func lowest() map[string]Severity {
	all := map[string]Severity{}
	for _, r := range Rules() {
		all[r.ID] = Off
	}
	return all
}

// manyHidden is a text's worth of zero-width texts, each of them a warning.
func manyHidden(n int) string { return "[" + strings.Repeat("\"\u200b\",", n-1) + "\"\u200b\"]" }

// TestFaultsOfCardsHideNoDraft: the faults of card files count against those files and
// against no draft's.
func TestFaultsOfCardsHideNoDraft(t *testing.T) {
	t.Parallel()
	card := `{"elements":` + manyHidden(5_001) + `}`
	dir := writeFiles(t, map[string]string{"a.json": card, "b.json": card})
	src := draftWith("-push_content", "push_content_file: a.json") + "---\n" +
		draftWith("-push_content", "push_content_file: b.json") + "---\n" +
		draftWith("-push_content", "-push_type")
	for _, severity := range []map[string]Severity{nil, {ruleHiddenCharacter: Off}} {
		set := Decode("f.yaml", []byte(src), anyCard(Options{Dir: dir, Severity: severity}))
		var said []string
		for _, line := range saidBy(set) {
			if strings.Contains(line, ": error: ") {
				said = append(said, line)
			}
		}
		want := []string{"11:1: error: push_content is missing [missing-field]", "11:1: error: push_type is missing [missing-field]"}
		if fmt.Sprint(said) != fmt.Sprint(want) {
			t.Errorf("got %q, want %q", said, want)
		}
	}
}

// TestFaultsThatAreOffTakeNoRoom: what nobody wants to hear of does not keep the file
// from being judged to its end.
func TestFaultsThatAreOffTakeNoRoom(t *testing.T) {
	t.Parallel()
	src := draftWith("push_content: {e: "+manyHidden(maxFaults+5)+"}") + "---\n" + draftWith()
	set := Decode("f.yaml", []byte(src), anyCard(Options{Severity: map[string]Severity{ruleHiddenCharacter: Off, ruleCardSize: Off}}))
	if len(set.Diagnostics) > 0 || len(set.Drafts) != 2 {
		t.Errorf("got %.300q", saidBy(set))
	}
}

// limits are texts that make judging end early, or might: each begins a document, and
// ends with one.
func limits() map[string]string {
	long := strings.Repeat("x", 100<<10)
	return map[string]string{
		"too many faults":                draftWith() + strings.Repeat("a:\n", maxFaults+1),
		"too many warnings":              draftWith("push_content: {e: " + manyHidden(maxFaults+1) + "}"),
		"faults that can be lowered":     draftWith("push_scope_type: 2") + "user_list: [" + strings.Repeat("?, ", maxFaults) + "ou_a]\n",
		"the room exactly used up":       draftWith("push_content: {e: " + manyHidden(maxFaults) + "}"),
		"texts that aliases repeat":      draftWith("ext: &a "+long, "chat_list: ["+strings.Repeat("*a ,", 1000)+"]"),
		"ids that aliases repeat":        draftWith("ext: &a "+long, "user_list: ["+strings.Repeat("{user_id: *a },", 1000)+"]"),
		"names that aliases repeat":      draftWith("ext: &a "+long, "user_list: ["+strings.Repeat("{user_id: ou_a, name: *a },", 1000)+"]"),
		"names nobody reads, repeated":   draftWith("ext: &a "+long, "user_list: ["+strings.Repeat("{user_id: ou_a, avatar_url: *a },", 1000)+"]"),
		"keys that aliases repeat":       draftWith("ext: &a "+long, "push_content: {e: ["+strings.Repeat("{*a : 1},", 1000)+"]}"),
		"values that aliases repeat":     draftWith("ext: &a "+long, "push_content: {e: ["+strings.Repeat("*a ,", 1000)+"]}"),
		"mappings that merge each other": draftWith("push_content:" + bomb(10, "{x: 1}", "{<<: [%s]}")),
		"lists of lists":                 draftWith("push_content:" + bomb(10, "[lol]", "[%s]")),
		"a card that contains itself":    draftWith("push_content: &a {e: [*a ]}"),
		"a card too large to read":       draftWith("push_content: {e: " + strings.Repeat("x", maxCard) + "}"),
		"a card too deep":                draftWith("push_content: {e: " + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + "}"),
		"a card too deep, as JSON":       draftWith("push_content: '{\"e\": " + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + "}'"),
		"YAML too deep":                  "push_content: " + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + "\n",
		"many fields that no draft has":  "a: b\n" + strings.Repeat("b: c\n", 2*fewFields),
		"an alias into another document": draftWith("ext: &a x") + "---\n" + draftWith("job_name: *a "),
		"a tag for everything":           "%TAG !e! tag:" + long + "\n---\n" + draftWith("job_name: !e!a b"),
		"a file too large":               draftWith() + strings.Repeat("#\n", maxFile/2),
	}
}

// TestWhatIsNotJudgedIsRefused: wherever a limit ends judging, a draft that follows and
// cannot be in order never passes, whatever --rule says; nor does one in another file
// that has the text as its card.
func TestWhatIsNotJudgedIsRefused(t *testing.T) {
	t.Parallel()
	bad := "---\njob_name: nothing else\n"
	for why, text := range limits() {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			for _, severity := range []map[string]Severity{nil, lowest()} {
				if set := Decode("f.yaml", []byte(text+bad), Options{Severity: severity}); set.Errors() == 0 {
					t.Errorf("nothing to say but %.200q", saidBy(set))
				}
				dir := writeFiles(t, map[string]string{"card.yaml": text + bad})
				set := Decode("f.yaml", []byte(draftWith("-push_content", "push_content_file: card.yaml")), Options{Dir: dir, Severity: severity})
				if set.Errors() == 0 || !set.Drafts[0].PushContent.IsZero() {
					t.Errorf("as a card: nothing to say but %.200q", saidBy(set))
				}
			}
		})
	}
}

// TestNoOrderOfFaultsHidesOne: a document that is at fault is told of, or the file is
// refused, whatever stands before it and whatever is turned off.
func TestNoOrderOfFaultsHidesOne(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"hidden.json": `{"e":` + manyHidden(maxFaults/2) + `}`, "good.json": `{}`, "bad.json": `[]`,
	})
	document := rapid.SampledFrom([]string{
		draftWith(), draftWith("x: y"), draftWith("push_content: {e: " + manyHidden(maxFaults/2) + "}"), "a: b\n", "- a\n",
		draftWith("-push_content", "push_content_file: hidden.json"), draftWith("-push_content", "push_content_file: good.json"),
		draftWith("-push_content", "push_content_file: bad.json"), draftWith("-push_content", "push_content_file: none.json"),
		draftWith("push_scope_type: 2", "user_list: ["+strings.Repeat("?, ", maxFaults/3)+"ou_a]"),
	})
	rapid.Check(t, func(t *rapid.T) {
		documents := rapid.SliceOfN(document, 0, 5).Draw(t, "before")
		off := map[string]Severity{}
		for _, r := range Rules() {
			if s := rapid.SampledFrom([]Severity{Error, Warning, Off}).Draw(t, r.ID); !r.Fixed {
				off[r.ID] = s
			}
		}
		src := strings.Join(append(documents, draftWith("-push_type")), "---\n")
		set := Decode("f.yaml", []byte(src), Options{Dir: dir, Severity: off})
		if set.Errors() == 0 {
			t.Errorf("%.200q passes", src)
		}
	})
}
