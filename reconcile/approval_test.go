package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notiform/spec"
)

func digestOf(c string) string { return "sha256:" + strings.Repeat(c, 64) }

func TestApprovalsAreReadToTheLetter(t *testing.T) {
	t.Parallel()
	a, b := digestOf("a"), digestOf("0")
	for _, row := range []struct{ why, src, fault string }{
		{"an empty file allows nothing", "", ""},
		{"a line a draft", a + " 7\n" + b + " 8\n", ""},
		{"two digests of one draft, and one twice", a + " 7\n" + b + " 7\n" + a + " 7\n", ""},
		{"the last line needs no end", a + " 7\n" + b + " 8", ""},
		{"an editor stores the same lines its own way", "\ufeff" + a + " 7\r\n" + b + " 8\r\n", ""},
		{"every audience that there is", "allow-audience all_members\nallow-audience chats_only\nallow-audience selected_members\nallow-audience new_staff\n", ""},
		{"an id of twenty digits and of one", a + " 69850326262349824200\n" + b + " 0\n", ""},

		{"a blank line", a + " 7\n\n" + b + " 8\n", `f:2: "" is no approval`},
		{"a blank line at the end", a + " 7\n\n", `f:2: ""`},
		{"only a line end", "\n", `f:1: ""`},
		{"only blanks", " ", `f:1: " "`},
		{"a comment", "# approved by A\n" + a + " 7\n", `f:1: "# approved by A"`},
		{"a comment behind", a + " 7 # A\n", `f:1: "` + a + ` 7 # A"`},
		{"a blank behind", a + " 7 \n", "f:1: "},
		{"a blank in front", " " + a + " 7\n", "f:1: "},
		{"two blanks", a + "  7\n", "f:1: "},
		{"a tab", a + "\t7\n", "f:1: "},
		{"a digest alone", a + "\n", "f:1: "},
		{"an id alone", "7\n", `f:1: "7"`},
		{"the digest behind the id", "7 " + a + "\n", "f:1: "},
		{"an id that is no number", a + " ou_a\n", "f:1: "},
		{"an id in other digits", a + " ７\n", "f:1: "},
		{"two ids", a + " 7 8\n", "f:1: "},
		{"a digest that is too short", a[:len(a)-1] + " 7\n", "f:1: "},
		{"a digest that is too long", a + "a 7\n", "f:1: "},
		{"a digest in capitals", strings.ToUpper(a) + " 7\n", "f:1: "},
		{"another kind of digest", strings.Replace(a, "256", "512", 1) + " 7\n", "f:1: "},
		{"an audience that there is not", "allow-audience everybody\n", `f:1: "allow-audience everybody" is no approval`},
		{"an audience by number", "allow-audience 0\n", "f:1: "},
		{"no audience", "allow-audience\n", "f:1: "},
		{"two audiences", "allow-audience all_members chats_only\n", "f:1: "},
		{"a mark that is not in front", a + " 7\n\ufeff" + b + " 8\n", "f:2: "},
		{"a lone CR ends no line", a + " 7\r" + b + " 8\n", "f:1: "},
		{"two CR", a + " 7\r\r\n", "f:1: "},
		{"another file, by its first lines", "{\n  \"digest\": 1\n}\n", `f:1: "{"`},
		{"the UTF-16 of PowerShell", "\xff\xfes\x00h\x00", "f:1: "},
		{"a picture is not told whole", strings.Repeat("长", 200), `f:1: "` + strings.Repeat("长", 100) + `" is no approval`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			err := Approvals{}.Add("f", []byte(row.src))
			if row.fault == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), row.fault) {
				t.Fatalf("%v, want %s…", err, row.fault)
			}
			if _, ok := errors.AsType[*hintedError](err); !ok {
				t.Error("it gives no way on")
			}
		})
	}
}

// TestEveryApprovalCounts: those of one draft as well, since nobody knows which of them will be due.
func TestEveryApprovalCounts(t *testing.T) {
	t.Parallel()
	a, b, c := digestOf("a"), digestOf("b"), digestOf("c")
	given := Approvals{}
	for _, src := range []string{a + " 7\n" + b + " 8\n" + b + " 7\n", c + " 7\n"} {
		if err := given.Add("f", []byte(src)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(Approvals{"7": {{Digest: a}, {Digest: b}, {Digest: c}}, "8": {{Digest: b}}}, given); diff != "" {
		t.Error(diff)
	}
}

// TestAudiencesOfAFile: an audience is allowed to the drafts of its own file, wherever in it that stands,
// and to what has no line of its own.
func TestAudiencesOfAFile(t *testing.T) {
	t.Parallel()
	a, b := digestOf("a"), digestOf("b")
	given := Approvals{}
	for _, src := range []string{a + " 7\nallow-audience all_members\n" + b + " 7\n", b + " 8\n", "allow-audience new_staff\n" + b + " 7\n"} {
		if err := given.Add("f", []byte(src)); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		why  string
		of   PlannedDraft
		want []spec.PushScopeType
	}{
		{"a draft of the file", PlannedDraft{NotificationID: "7", Digest: a}, []spec.PushScopeType{spec.AllMembers}},
		{"a draft of two files", PlannedDraft{NotificationID: "7", Digest: b}, []spec.PushScopeType{spec.AllMembers, spec.NewStaffScope}},
		{"a draft of another file", PlannedDraft{NotificationID: "8", Digest: b}, nil},
		{"another state of the draft", PlannedDraft{NotificationID: "7", Digest: digestOf("c")}, nil},
		{"a draft that is not created yet", PlannedDraft{Action: Create}, []spec.PushScopeType{spec.AllMembers, spec.NewStaffScope}},
	} {
		if got := given.Allowed(row.of); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}

// TestApprovalsOfAnIDThatIsNoNumber: one that a file may have under --rule invalid-id=off cannot
// bring a line of its own.
func TestApprovalsOfAnIDThatIsNoNumber(t *testing.T) {
	t.Parallel()
	forged, honest := everyAction(t).Drafts[0], everyAction(t).Drafts[0]
	forged.NotificationID = "7\n" + digestOf("a") + " 8"
	p := newPlan(helpdesk(), []PlannedDraft{forged, honest})
	if got, want := string(p.Approvals()), p.Drafts[1].Digest+" "+honest.NotificationID+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// drawUpdates draws a plan of up to six drafts, most of them updates, in any order.
func drawUpdates(t *rapid.T) Plan {
	var drafts []PlannedDraft
	for i := range rapid.IntRange(0, 6).Draw(t, "drafts") {
		d := drawDraft(t, notificationID(i))
		drafts = append(drafts, planDraft(d, drawObservation(t, d)))
	}
	if len(drafts) > 0 {
		drafts = rapid.Permutation(drafts).Draw(t, "order")
	}
	return newPlan(helpdesk(), drafts)
}

// drawPart draws the plan of some of p's drafts, as a pull request that changes them has it.
func drawPart(t *rapid.T, p Plan, label string) Plan {
	var some []PlannedDraft
	for i, d := range p.Drafts {
		if rapid.Bool().Draw(t, fmt.Sprint(label, i)) {
			some = append(some, d)
		}
	}
	return newPlan(p.Helpdesk, some)
}

func wantUnapproved(t *rapid.T, a Approvals, p Plan, allowed func(PlannedDraft) bool) {
	t.Helper()
	var got, want []string
	for _, d := range a.Unapproved(p) {
		got = append(got, d.NotificationID)
	}
	for _, d := range p.Drafts {
		if d.Action == Update && !allowed(d) {
			want = append(want, d.NotificationID)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("not approved are %v, want %v", got, want)
	}
}

// holds reports whether p has this very update.
func holds(p Plan, d PlannedDraft) bool {
	return slices.ContainsFunc(p.Drafts, func(h PlannedDraft) bool {
		return h.NotificationID == d.NotificationID && wouldWrite(h) != "" && wouldWrite(h) == wouldWrite(d)
	})
}

// TestApprovalsAddUp: the approvals of A and B together allow exactly A ∪ B, whatever part of the
// drafts is planned when they are used, in whatever files they came and in whatever order. A and B
// may be of one time or of two, between which files and helpdesk moved on.
func TestApprovalsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		times := []Plan{drawUpdates(t), drawUpdates(t)}
		at := func(label string) Plan { return drawPart(t, rapid.SampledFrom(times).Draw(t, label+" of"), label) }
		a, b, later := at("A"), at("B"), at("planned later")
		files := [][]byte{a.Approvals(), b.Approvals()}
		if rapid.Bool().Draw(t, "in one file") {
			files = [][]byte{slices.Concat(files...)}
		}
		given := Approvals{}
		for _, file := range rapid.Permutation(files).Draw(t, "files") {
			if err := given.Add("f", file); err != nil {
				t.Fatal(err)
			}
		}
		wantUnapproved(t, given, later, func(d PlannedDraft) bool { return holds(a, d) || holds(b, d) })
	})
}

// TestApprovalsAreInOneOrder, that of the ids: the same plan gives the same file.
func TestApprovalsAreInOneOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		byID := func(a, b string) int { return strings.Compare(a[len(digestOf("a")):], b[len(digestOf("a")):]) }
		if lines := slices.Collect(strings.Lines(string(drawUpdates(t).Approvals()))); !slices.IsSortedFunc(lines, byID) {
			t.Fatalf("%q", lines)
		}
	})
}

// wouldWrite is what an update compares and writes, "" for what is none.
func wouldWrite(d PlannedDraft) string {
	if d.Action != Update {
		return ""
	}
	return string(d.Live.InEffect(d.Desired.PushType).Canonical()) + string(d.Desired.Canonical())
}

// TestApprovalsAreOfWhatWasReviewed: one draft whose live or desired state has moved on since
// the review is no longer allowed, and takes no other with it. At another helpdesk none is.
func TestApprovalsAreOfWhatWasReviewed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawUpdates(t)
		given := Approvals{}
		if err := given.Add("f", all.Approvals()); err != nil {
			t.Fatal(err)
		}
		if len(all.Drafts) == 0 {
			return
		}
		moved := slices.Clone(all.Drafts)
		i := rapid.IntRange(0, len(moved)-1).Draw(t, "moved")
		d := drawDraft(t, moved[i].NotificationID)
		moved[i] = planDraft(d, drawObservation(t, d))
		wantUnapproved(t, given, newPlan(helpdesk(), moved), func(d PlannedDraft) bool { return holds(all, d) })

		there := helpdesk()
		there.HelpdeskID = "7"
		wantUnapproved(t, given, newPlan(there, slices.Clone(all.Drafts)), func(PlannedDraft) bool { return false })
	})
}

// FuzzApprovals: what is taken is what the lines say, and never more.
func FuzzApprovals(f *testing.F) {
	f.Add([]byte(digestOf("a") + " 7\nallow-audience all_members\n"))
	f.Add([]byte("\ufeff" + digestOf("a") + " 7\r\n"))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, src []byte) {
		given := Approvals{}
		if err := given.Add("f", src); err != nil {
			return
		}
		for id, approved := range given {
			for _, line := range approved {
				if id != "" && !strings.Contains(string(src), line.Digest+" "+id) {
					t.Errorf("%s %s is not in\n%s", line.Digest, id, src)
				}
			}
		}
	})
}
