package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notiform/spec/card"
)

// draftWith is a draft without a fault, four lines long, in which each line given
// replaces the one of the same field, or else comes after all; "-field" removes.
func draftWith(lines ...string) string {
	draft := []string{"job_name: a", "push_type: scheduled", "push_scope_type: all_members", "push_content: {}"}
	for _, line := range lines {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "-"), ":")
		i := slices.IndexFunc(draft, func(l string) bool { return strings.HasPrefix(l, name+":") })
		switch {
		case strings.HasPrefix(line, "-"):
			draft = slices.Delete(draft, i, i+1)
		case i >= 0:
			draft[i] = line
		default:
			draft = append(draft, line)
		}
	}
	return strings.Join(draft, "\n") + "\n"
}

// anyCard are options for drafts whose cards only have to be read: what cards are made of is told
// elsewhere.
func anyCard(opts Options) Options {
	off := map[string]Severity{}
	for _, r := range card.Rules() {
		off[r.ID] = Off
	}
	maps.Copy(off, opts.Severity)
	opts.Severity = off
	return opts
}

// warnings counts what a Set warns of.
func warnings(set Set) int {
	return len(slices.DeleteFunc(slices.Clone(set.Diagnostics), func(d Diagnostic) bool { return d.Severity != Warning }))
}

// saidBy is what a Set says, a line a diagnostic, without the file's name.
func saidBy(set Set) []string {
	var lines []string
	for _, d := range set.Diagnostics {
		lines = append(lines, strings.TrimPrefix(d.String(), "f.yaml:"))
	}
	return lines
}

func TestDecodeFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why  string
		src  string
		want []string
	}{
		{"a draft without a fault has none", draftWith(), nil},
		{"other YAML is one fault, not a dozen", "on: push\njobs: {}\n", []string{"1:1: error: this is no draft: none of its fields is a draft's [draft-file]"}},
		{"a draft of which nothing but a typo is written stays one", "job_nam: b\n", []string{`1:1: error: job_name is missing [missing-field]`,
			`1:1: error: push_content is missing [missing-field]`, `1:1: error: push_scope_type is missing [missing-field]`,
			`1:1: error: push_type is missing [missing-field]`, `1:1: error: unknown field "job_nam" [unknown-field]`}},
		{"a typo must not be dropped", draftWith("job_nam: b"), []string{`5:1: error: unknown field "job_nam" [unknown-field]`}},
		{"two values for one field leave neither", draftWith("job_name: a", "ext: x") + "job_name: b\n",
			[]string{`6:1: error: "job_name" is given twice, first at line 1 [duplicate-field]`}},
		{"an unquoted number is not a name", draftWith("job_name: 007"), []string{`1:11: error: job_name must be a text, not a number [wrong-type]`}},
		{"nor is a truth", draftWith("job_name: true"), []string{`1:11: error: job_name must be a text, not true or false [wrong-type]`}},
		{"nor is a list", draftWith("job_name: [a]"), []string{`1:11: error: job_name must be a text, not a list [wrong-type]`}},
		{"nor is what a foreign tag makes of it", draftWith("job_name: !x a"),
			[]string{`1:11: error: a text that begins with ! must stand in quotes [wrong-type]`}},
		{"yes is a text in YAML 1.2, and so is a date", draftWith("job_name: yes") + "---\n" + draftWith("job_name: 2026-12-01"), nil},
		{"an empty name is no name", draftWith(`job_name: ""`), []string{`1:11: error: job_name is missing [missing-field]`}},
		{"null is absent", draftWith("push_type:"), []string{`2:11: error: push_type is missing [missing-field]`}},
		{"all that is missing is said at once", "ext: x\n", []string{
			`1:1: error: job_name is missing [missing-field]`, `1:1: error: push_content is missing [missing-field]`,
			`1:1: error: push_scope_type is missing [missing-field]`, `1:1: error: push_type is missing [missing-field]`,
		}},
		{"the API's numbers will do", draftWith("push_type: 0", "push_scope_type: 0"), nil},
		{"but not as text", draftWith(`push_type: "0"`), []string{`2:12: error: push_type cannot be "0" [invalid-value]`}},
		{"nor as a fraction", draftWith(`push_type: 0.0`), []string{`2:12: error: push_type cannot be "0.0" [invalid-value]`}},
		{"nor in octal", draftWith(`push_type: 00`), []string{`2:12: error: push_type cannot be "00" [invalid-value]`}},
		{"a number without a meaning", draftWith("push_type: 2"), []string{`2:12: error: push_type cannot be "2" [invalid-value]`}},
		{"a name without a meaning", draftWith("push_scope_type: everybody"), []string{`3:18: error: push_scope_type cannot be "everybody" [invalid-value]`}},
		{"a number of another type", draftWith("push_type: false"),
			[]string{`2:12: error: push_type must be a name or a number, not true or false [wrong-type]`}},
		{"user ids are of three kinds", draftWith("user_id_type: openid"), []string{`5:15: error: user_id_type cannot be "openid" [invalid-value]`}},
		{"an empty kind is the default", draftWith(`user_id_type: ""`), nil},
		{"what Feishu sets is not for files", draftWith("id: 1", "status: 0", "approval_app_link: x"), []string{
			`5:1: error: id is set by Feishu and cannot be written [server-field]`,
			`6:1: error: status is set by Feishu and cannot be written [server-field]`,
			`7:1: error: approval_app_link is set by Feishu and cannot be written [server-field]`,
		}},
		{"other tools round bare numbers", draftWith("notification_id: 6985032626234982420"),
			[]string{`5:18: warning: notification_id is a bare number, which other YAML tools round [unquoted-id]`}},
		{"an id is decimal", draftWith(`notification_id: "698x"`), []string{`5:18: error: notification_id "698x" is not a decimal number [invalid-id]`}},
		{"octal is not", draftWith("notification_id: 0o17"), []string{`5:18: error: notification_id "0o17" is not a decimal number [invalid-id]`}},
		{"an empty id is a draft not yet created", draftWith(`notification_id: ""`), nil},
		{"ext is a text, whatever it holds", draftWith("ext: {}"), []string{`5:6: error: ext must be a text, not a mapping [wrong-type]`}},
		{"a list is a list", draftWith("chat_list: oc_1"), []string{`5:12: error: chat_list must be a list, not a text [wrong-type]`}},
		{"a file's faults are all told", "job_name: [\n", []string{
			"1:11: error: the [ that begins here is not closed [yaml-syntax]"}},
		{"a draft is a mapping", "- a\n---\nhello\n", []string{
			`1:1: error: a draft is a mapping, not a list [wrong-type]`, `3:1: error: a draft is a mapping, not a text [wrong-type]`}},
		{"null, written out, is no draft", "~\n", []string{`1:1: error: a draft is a mapping, not nothing [wrong-type]`}},
		{"a field's name is text", draftWith("1: a"), []string{`5:1: error: a key must be text, not a number [wrong-type]`}},
		{"names may be anchored", "&n job_name: a\npush_type: 0\npush_scope_type: 0\npush_content: {}\n", nil},
		{"one value at fault hides no other", draftWith("push_type: x", "push_scope_type: selected_members"), []string{
			`2:12: error: push_type cannot be "x" [invalid-value]`,
			`3:18: error: push_scope_type selected_members needs a user_list or a department_list [audience-missing]`,
		}},
		{"and is not held against one", draftWith("push_type: new_staff", "push_scope_type: chats_only", "new_staff_scope_type: x", "chat_list: x"), []string{
			`5:23: error: new_staff_scope_type cannot be "x" [invalid-value]`,
			`6:12: error: chat_list must be a list, not a text [wrong-type]`,
		}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, saidBy(Decode("f.yaml", []byte(tt.src), Options{}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeHints(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ why, src, want string }{
		{"the nearest name", draftWith("job_nam: b"), `did you mean "job_name"?`},
		{"in any case", draftWith("Chat_List: []"), `did you mean "chat_list"?`},
		{"no guess is better than a wild one", draftWith("x: b"), ``},
		{"where a part of the card belongs", draftWith("header: {}"), indentCard},
		{"what to write for id", draftWith("id: b"), `write the notification's id as notification_id`},
		{"the values there are", draftWith("push_scope_type: x"), `write all_members (0), chats_only (1), selected_members (2) or new_staff (3)`},
		{"the id, quoted", draftWith("notification_id: 69850"), `put it in quotes: "69850"`},
		{"the kind the id seems to be of", draftWith("push_scope_type: 2", "user_list: [on_a]"),
			`it looks like a union_id: write user_id_type: union_id, if all in the list are`},
		{"the time with its offset", draftWith("send_at: 2026-12-01 09:00"),
			`write it with its offset, such as 2026-12-01T09:00:00+08:00`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(tt.src), Options{})
			if len(set.Diagnostics) != 1 || set.Diagnostics[0].Hint != tt.want {
				t.Errorf("got %+v, want the hint %q", set.Diagnostics, tt.want)
			}
		})
	}
}

func TestDecodeDraft(t *testing.T) {
	t.Parallel()
	src := `# a comment
notification_id: "6985032626234982420"
user_id_type: union_id
job_name: 新人欢迎
push_type: new_staff
push_scope_type: 3
new_staff_scope_type: departments
new_staff_scope_department_list: [od-1, {department_id: od_2, name: 技术部}]
user_list: []
chat_list: [oc_1]
send_at: 2026-12-01T09:00:00+08:00
push_content: {b: 1.0, a: 你}
ext: "{}"
`
	set := Decode("drafts/a.yaml", []byte(src), anyCard(Options{}))
	if len(set.Diagnostics) > 0 || len(set.Drafts) != 1 || set.Files != 1 {
		t.Fatalf("got %+v", set)
	}
	got := set.Drafts[0]
	want := Draft{
		Pos:            Pos{"drafts/a.yaml", 2, 1},
		NotificationID: "6985032626234982420", UserIDType: UnionID, JobName: "新人欢迎",
		PushType: NewStaff, PushScopeType: NewStaffScope, NewStaffScopeType: NewStaffDepartments,
		NewStaffScopeDepartmentList: []Target{{ID: "od-1"}, {ID: "od_2", Name: "技术部"}},
		ChatList:                    []Target{{ID: "oc_1"}},
		SendAt:                      Owned[time.Time]{time.Date(2026, 12, 1, 9, 0, 0, 0, time.FixedZone("", 8*3600)), true},
		PushContent:                 JSON{`{"a":"你","b":1.0}`},
		Ext:                         Owned[string]{"{}", true},
		at:                          got.at,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Draft{}, place{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for f, want := range map[field]place{
		fieldJobName: {4, 11}, fieldPushContent: {12, 15}, fieldDepartmentList: {2, 1}, // which is absent
	} {
		if got := got.place(f); got != want {
			t.Errorf("%s is at %v, want %v", f, got, want)
		}
	}
}

func TestDecodeAbsenceIsOneThing(t *testing.T) {
	t.Parallel()
	absent := Decode("f.yaml", []byte(draftWith()), Options{}).Drafts[0]
	written := Decode("f.yaml", []byte(draftWith("notification_id:", "user_id_type: ~", "new_staff_scope_type: null",
		"new_staff_scope_department_list:", "user_list: []", "department_list: ~", `chat_list: null`, `push_content_file: ""`)), Options{}).Drafts[0]
	written.at = absent.at
	if diff := cmp.Diff(absent, written, cmp.AllowUnexported(Draft{}, place{})); diff != "" {
		t.Errorf("-absent +empty:\n%s", diff)
	}
	if absent.SendAt.Given || absent.Ext.Given || absent.UserIDType != OpenID {
		t.Errorf("got %+v", absent)
	}
}

func TestDecodeOwned(t *testing.T) {
	t.Parallel()
	for _, cleared := range []string{`""`, "", "~", "null"} {
		d := Decode("f.yaml", []byte(draftWith("send_at: "+cleared, "ext: "+cleared)), Options{}).Drafts[0]
		if !d.SendAt.Given || !d.SendAt.Value.IsZero() || !d.Ext.Given || d.Ext.Value != "" {
			t.Errorf("%q clears neither: %+v", cleared, d)
		}
	}
}

func TestDecodeDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, src string
		drafts   int
	}{
		{"nothing holds no draft", "", 0},
		{"nor does a comment", "# later\n", 0},
		{"nor do markers", "---\n---\n...\n", 0},
		{"each document is a draft", draftWith() + "---\n" + draftWith(), 2},
		{"empty ones between them are not", "---\n---\n" + draftWith() + "---\n# empty\n---\n" + draftWith() + "---\n", 2},
		{"Windows is welcome", "\ufeff" + strings.ReplaceAll(draftWith()+"---\n"+draftWith(), "\n", "\r\n"), 2},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(tt.src), Options{})
			if len(set.Drafts) != tt.drafts || len(set.Diagnostics) > 0 {
				t.Errorf("got %d drafts, %q", len(set.Drafts), saidBy(set))
			}
		})
	}
}

func TestDecodeKeepsWhatCameBeforeASyntaxError(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith()+"---\njob_name: 'a\n"), Options{})
	if len(set.Drafts) != 1 || set.Errors() != 1 {
		t.Errorf("got %d drafts, %q", len(set.Drafts), saidBy(set))
	}
}

func TestDecodeRefusesFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, src string
		want     string
	}{
		{"YAML is UTF-8 here", draftWith() + "ext: \"h\xe9\"\n", `5:8: error: the file is not UTF-8: byte 0xE9 [draft-file]`},
		{"UTF-16 is not", "\xff\xfea\x00", `1:1: error: the file is not UTF-8: byte 0xFF [draft-file]`},
		{"a character cut off is not", "a: \xe4\xbd", `1:4: error: the file is not UTF-8: byte 0xE4 [draft-file]`},
		{"a large file is no draft", strings.Repeat("#\n", maxFile/2+1), `1:1: error: the file is larger than 1 MiB [draft-file]`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{tt.want}, saidBy(Decode("f.yaml", []byte(tt.src), Options{}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeStopsAtTooManyFaults(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith()+strings.Repeat("a:\n", maxFaults+5)), Options{})
	if first := set.Diagnostics[0]; len(set.Diagnostics) != maxFaults+1 || first.Rule != ruleDraftFile || first.Hint != mendOthers {
		t.Errorf("got %d faults, first %s, hint %q", len(set.Diagnostics), first, first.Hint)
	}
	off := Decode("f.yaml", []byte(draftWith()+strings.Repeat("a:\n", maxFaults+5)),
		Options{Severity: map[string]Severity{ruleUnknownField: Off, ruleDuplicateField: Off}})
	if off.Errors() == 0 {
		t.Error("with the rest turned off, nobody learns that the file was not read")
	}
}

func TestDuplicateIDsNameBothPlaces(t *testing.T) {
	t.Parallel()
	src := draftWith(`notification_id: "12"`) + "---\n" + draftWith("notification_id: 12") + "---\n" + draftWith()
	got := saidBy(Decode("f.yaml", []byte(src), Options{}))
	want := []string{
		`11:18: error: notification_id "12" is owned by two drafts, first at f.yaml:5:18 [duplicate-id]`,
		`11:18: warning: notification_id is a bare number, which other YAML tools round [unquoted-id]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestQuotedTextIsCut(t *testing.T) {
	t.Parallel()
	set := Decode("f.yaml", []byte(draftWith(strings.Repeat("长", 300)+"\u202e: a")), Options{Severity: map[string]Severity{ruleHiddenCharacter: Off}})
	want := fmt.Sprintf(`unknown field "%s"…`, strings.Repeat("长", quotedLength))
	if len(set.Diagnostics) != 1 || set.Diagnostics[0].Message != want {
		t.Errorf("got %.300q", saidBy(set))
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("internal error (please report)") }

func TestPanicOfYAMLIsASyntaxError(t *testing.T) {
	t.Parallel()
	if err := parseAll(panicking{}); err == nil || err.Error() != "yaml: internal error (please report)" {
		t.Errorf("got %v", err)
	}
}
