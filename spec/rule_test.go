package spec

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryRuleSpeaks: a rule nobody can break is not one, and none speaks of a
// draft that is in order.
func TestEveryRuleSpeaks(t *testing.T) {
	t.Parallel()
	onboarding := []string{"push_type: new_staff", "push_scope_type: new_staff"}
	broken := map[string]string{
		"yaml-syntax":                   "a: [",
		"unknown-field":                 draftWith("title: x"),
		"duplicate-field":               draftWith() + "job_name: b\n",
		"wrong-type":                    draftWith("job_name: 1"),
		"missing-field":                 draftWith("-job_name"),
		"invalid-value":                 draftWith("push_type: x"),
		"server-field":                  draftWith("status: 0"),
		"unquoted-id":                   draftWith("notification_id: 1"),
		"invalid-id":                    draftWith("chat_list: [x]"),
		"duplicate-id":                  draftWith("notification_id: '1'") + "---\n" + draftWith("notification_id: '1'"),
		"duplicate-target":              draftWith("chat_list: [oc_1, oc_1]"),
		"scheduled-scope":               draftWith("push_scope_type: new_staff"),
		"new-staff-scope":               draftWith("push_type: new_staff", "new_staff_scope_type: all"),
		"new-staff-type-missing":        draftWith(onboarding...),
		"new-staff-departments-missing": draftWith(append(onboarding, "new_staff_scope_type: departments")...),
		"new-staff-fields-ignored":      draftWith("new_staff_scope_type: all"),
		"audience-not-allowed":          draftWith("user_list: [ou_1]"),
		"audience-missing":              draftWith("push_scope_type: selected_members"),
		"chats-missing":                 draftWith("push_scope_type: chats_only"),
		"root-department":               draftWith("push_scope_type: selected_members", "department_list: ['0']"),
		"send-time-zone":                draftWith("send_at: 2026-12-01T09:00:00"),
		"send-time-past":                draftWith("send_at: 2006-12-01T09:00:00Z"),
		"card-json":                     draftWith("push_content: x"),
		"card-version":                  draftWith("push_content: {schema: '2.0'}"),
		"card-size":                     draftWith("push_content: {elements: [{tag: markdown, content: " + strings.Repeat("x", 31<<10) + "}]}"),
		"card-wrapper":                  draftWith("push_content: {msg_type: interactive, card: {}}"),
		"card-unknown-element":          draftWith("push_content: {elements: [{tag: divider}]}"),
		"card-place":                    draftWith("push_content: {elements: [{tag: plain_text, content: a}]}"),
		"card-wrong-type":               draftWith("push_content: {elements: [{tag: div, text: a}]}"),
		"card-missing":                  draftWith("push_content: {elements: [{tag: div}]}"),
		"card-unknown-key":              draftWith("push_content: {elements: [{tag: markdown, content: a, text_aling: left}]}"),
		"card-value":                    draftWith("push_content: {elements: [{tag: markdown, content: a, text_align: middle}]}"),
		"card-limit":                    draftWith("push_content: {elements: [" + strings.Repeat("{tag: table, columns: [], rows: []}, ", 6) + "]}"),
		"card-image-key":                draftWith("push_content: {elements: [{tag: markdown, content: '![a](https://example.com/a.png)'}]}"),
		"card-link":                     draftWith("push_content: {elements: [{tag: markdown, content: '[a](file:///a)'}]}"),
		"card-dead-button":              draftWith("push_content: {elements: [{tag: div, text: {tag: plain_text, content: a}, extra: {tag: button, text: {tag: plain_text, content: b}}}]}"),
		"card-markdown":                 draftWith("push_content: {elements: [{tag: markdown, content: '# a'}]}"),
		"card-mention-all":              draftWith("push_content: {elements: [{tag: markdown, content: <at id=all></at>}]}"),
		"card-placeholder":              draftWith("push_content: {elements: [{tag: markdown, content: '${name}'}]}"),
		"card-empty":                    draftWith("push_content: {elements: []}"),
		"link-host":                     draftWith("push_content: {elements: [{tag: markdown, content: 'https://example.org'}]}"),
		"send-window":                   draftWith("send_at: 2037-12-05T09:00:00+08:00"),
		"hidden-character":              draftWith("job_name: \"\\u200b\""),
		"line-break":                    draftWith("# a\u2028"),
		"content-file":                  draftWith("-push_content", "push_content_file: x.json"),
		"draft-file":                    "\xff",
		"unreadable-file":               "", // see TestLoadRefusesPaths
	}
	team, _ := DecodeTeam(TeamFile, []byte("guards: {link_hosts: [example.com], send_window: {days: [mon], zone: Asia/Shanghai}}"))
	for _, rule := range Rules() {
		src, ok := broken[rule.ID]
		if !ok {
			t.Errorf("no draft here breaks %s", rule.ID)
		}
		if src == "" {
			continue
		}
		opts := Options{Dir: t.TempDir(), Now: now()}
		if rule.ID == ruleLinkHost || rule.ID == ruleSendWindow {
			opts.Guards = team.Guards
		}
		set := Decode("f.yaml", []byte(src), opts)
		if len(set.Diagnostics) != 1 || set.Diagnostics[0].Rule != rule.ID || set.Diagnostics[0].Severity != rule.Severity {
			t.Errorf("%s: got %q", rule.ID, saidBy(set))
		}
	}
	if len(broken) != len(Rules()) {
		t.Errorf("%d rules and %d breaches of them", len(Rules()), len(broken))
	}
}

// TestScopeRules shows what the scope rules say; that they speak when they must is
// TestTruthTable's part.
func TestScopeRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why  string
		src  string
		want []string
	}{
		{"new staff come with their own type", draftWith("push_scope_type: 3"),
			[]string{`3:18: error: push_scope_type new_staff needs push_type new_staff [scheduled-scope]`}},
		{"an onboarding push is not for all", draftWith("push_type: 1"), []string{
			`2:12: error: push_type new_staff needs new_staff_scope_type [new-staff-type-missing]`,
			`3:18: error: push_type new_staff cannot have push_scope_type all_members [new-staff-scope]`}},
		{"departments are to be named", draftWith("push_type: 1", "push_scope_type: 3", "new_staff_scope_type: 1"),
			[]string{`5:23: error: new_staff_scope_type departments needs a new_staff_scope_department_list [new-staff-departments-missing]`}},
		{"all new staff have no departments", draftWith("push_type: 1", "push_scope_type: 3", "new_staff_scope_type: 0", "new_staff_scope_department_list: [od-1]"),
			[]string{`6:34: warning: new_staff_scope_department_list has no effect with new_staff_scope_type all [new-staff-fields-ignored]`}},
		{"scheduled pushes have no new staff", draftWith("new_staff_scope_type: 1", "new_staff_scope_department_list: []"),
			[]string{`5:23: warning: new_staff_scope_type has no effect with push_type scheduled [new-staff-fields-ignored]`}},
		{"all members need no list", draftWith("user_list: [ou_1]", "department_list: [od-1]"), []string{
			`5:12: error: user_list must be empty with push_scope_type all_members [audience-not-allowed]`,
			`6:18: error: department_list must be empty with push_scope_type all_members [audience-not-allowed]`}},
		{"a scope that is not known forbids nothing", draftWith("push_scope_type: x", "user_list: [ou_1]"),
			[]string{`3:18: error: push_scope_type cannot be "x" [invalid-value]`}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, saidBy(Decode("f.yaml", []byte(tt.src), Options{}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSeverities(t *testing.T) {
	t.Parallel()
	src := draftWith("title: x", "job_name: 1", "notification_id: 1")
	for _, tt := range []struct {
		why    string
		opts   Options
		errors []string
		warned []string
	}{
		{"by default", Options{}, []string{ruleWrongType, ruleUnknownField}, []string{ruleUnquotedID}},
		{"strict", Options{Strict: true}, []string{ruleWrongType, ruleUnknownField, ruleUnquotedID}, nil},
		{"lowered", Options{Severity: map[string]Severity{ruleUnknownField: Warning}}, []string{ruleWrongType}, []string{ruleUnknownField, ruleUnquotedID}},
		{"lowered and strict", Options{Strict: true, Severity: map[string]Severity{ruleUnknownField: Warning}}, []string{ruleWrongType, ruleUnknownField, ruleUnquotedID}, nil},
		{"raised", Options{Severity: map[string]Severity{ruleUnquotedID: Error}}, []string{ruleWrongType, ruleUnknownField, ruleUnquotedID}, nil},
		{"off", Options{Strict: true, Severity: map[string]Severity{ruleUnquotedID: Off, ruleUnknownField: Off}}, []string{ruleWrongType}, nil},
		{"a fixed rule stays", Options{Severity: map[string]Severity{ruleWrongType: Off}}, []string{ruleWrongType, ruleUnknownField}, []string{ruleUnquotedID}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			set := Decode("f.yaml", []byte(src), tt.opts)
			var errors, warned []string
			for _, d := range set.Diagnostics {
				switch d.Severity {
				case Error:
					errors = append(errors, d.Rule)
				case Warning:
					warned = append(warned, d.Rule)
				}
			}
			if !slices.Equal(errors, tt.errors) || !slices.Equal(warned, tt.warned) || set.Errors() != len(errors) {
				t.Errorf("errors %q, warnings %q", errors, warned)
			}
		})
	}
}

func TestParseRuleSetting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, setting string
		id           string
		sev          Severity
		message      string
	}{
		{"a rule may be turned off", "card-version=off", "card-version", Off, ""},
		{"or made an error", "root-department=error", "root-department", Error, ""},
		{"or a warning", "invalid-id=warning", "invalid-id", Warning, ""},
		{"a fixed rule may be what it is", "wrong-type=error", "wrong-type", Error, ""},
		{"but no less", "wrong-type=warning", "", 0, `wrong-type is always an error`},
		{"a rule there is not", "card-versions=off", "", 0, `no such rule; did you mean "card-version"?`},
		{"and nothing like it", "x=off", "", 0, `no such rule`},
		{"a severity there is not", "card-size=fatal", "", 0, `severity "fatal": want error, warning or off`},
		{"no severity", "card-size", "", 0, `want ID=error, ID=warning or ID=off`},
		{"nothing", "", "", 0, `want ID=error`},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			id, sev, err := ParseRuleSetting(tt.setting)
			if id != tt.id || sev != tt.sev || (err == nil) != (tt.message == "") || err != nil && !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %q %v %v", id, sev, err)
			}
		})
	}
}

func TestRulesAreWellFormed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Summary == "" || r.Severity != Error && r.Severity != Warning || r.Fixed && r.Severity != Error {
			t.Errorf("got %+v", r)
		}
		seen[r.ID] = true
	}
}
