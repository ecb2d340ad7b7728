package reconcile

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// bent is a desk whose GET answers with something else in place of one field of the
// notification, until a PATCH has gone through; "" takes the field out.
func bent(t *testing.T, drafts []spec.Draft, field, value string) desk {
	t.Helper()
	server, err := sandbox.New(sandbox.Options{Limits: sandbox.Unlimited()})
	if err != nil {
		t.Fatal(err)
	}
	member := regexp.MustCompile(`"` + field + `":("(?:[^"\\]|\\.)*"|\d+|null|\[[^\]]*\]),`)
	patched := false
	client := connect(t, loopback, feishu.Options{
		ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit,
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			resp, err := server.InProcess().RoundTrip(r)
			patched = patched || r.Method == http.MethodPatch
			if err != nil || patched {
				return resp, err
			}
			body, err := io.ReadAll(resp.Body)
			if n := len(member.FindAll(body, -1)); err == nil && n != 1 {
				t.Errorf("%d of %s in %s", n, field, body)
			}
			whole := []byte(`"` + field + `":` + value + `,`)
			if value == "" {
				whole = nil
			}
			body = member.ReplaceAllLiteral(body, whole)
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			resp.Header.Del("Content-Length")
			return resp, err
		}),
	})
	return desk{server, client, loopback}.holds(t, drafts, nil)
}

// TestUnreadableTextIsMended: text that the server holds and nobody can read is a
// difference like any other: it is planned, written over and proven.
func TestUnreadableTextIsMended(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, field, value string }{
		{"half a surrogate pair", "job_name", `"Job \ud83d0"`},
		{"bytes that are not UTF-8", "job_name", "\"Job\xff 0\""},
		{"a card that is no JSON", "push_content", `"no JSON"`},
		{"a card that is cut off", "push_content", `"{\"elements\":["`},
		{"a card with a repeated name", "push_content", `"{\"a\":1,\"a\":2}"`},
		{"a card with half a surrogate pair", "push_content", `"{\"a\":\"\\ud83d\"}"`},
		{"a card with bytes that are not UTF-8", "push_content", "\"{\\\"a\\\":\\\"\xff\\\"}\""},
		{"no card", "push_content", `null`},
		{"a time that is none", "send_at", `"soon"`},
		{"a time with half a surrogate pair", "send_at", `"\udc00"`},
		{"ext that is no JSON", "ext", `"{"`},
		{"ext that is not UTF-8", "ext", "\"\xc3\""},
		{"an id that is not UTF-8", "chat_list", "[{\"chat_id\":\"oc_\xff\"}]"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			drafts := someDrafts(1)
			drafts[0].Ext = spec.Owned[string]{Value: `{}`, Given: true}
			desk := bent(t, drafts, row.field, row.value)
			p := desk.plan(t, drafts, Options{})
			if d := p.Drafts[0]; d.Action != Update || !slices.ContainsFunc(lines(d.Changes), func(s string) bool { return strings.Contains(s, " "+row.field) }) {
				t.Fatalf("%s %v: %q", d.Action, d.Error, lines(d.Changes))
			}
			if got := desk.apply(t, p, Options{}).Drafts[0]; got.Outcome != OutcomeApplied {
				t.Fatalf("%s: %v", got.Outcome, got.Error)
			}
			if got := desk.plan(t, drafts, Options{}).Drafts[0]; got.Action != NoOp {
				t.Errorf("afterwards %s: %q", got.Action, lines(got.Changes))
			}
		})
	}
}

// TestAnswersThatCannotBeCompared: without status a notification is no draft, and
// without its types it is not for everybody at a set time. Nothing is planned, and
// nothing written by a plan that was made before.
func TestAnswersThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"status", "push_type", "push_scope_type"} {
		for _, value := range []string{"", "null"} {
			drafts := someDrafts(1)
			drafts[0].PushScopeType, drafts[0].UserList = spec.AllMembers, nil // what an absent number would mean
			desk := bent(t, drafts, field, value)
			drafts[0].JobName = "another"
			d := desk.plan(t, drafts, Options{}).Drafts[0]
			if d.Action != Failed || d.Status != nil || d.Live != nil || !strings.Contains(d.Error.Message, "lacks "+field+",") || d.Error.Hint == "" {
				t.Errorf("%s %q: %s, %+v", field, value, d.Action, d.Error)
			}
			before := newPlan(helpdesk(), []PlannedDraft{planDraft(drafts[0], observation{detail: feishu.NotificationDetail{Notification: wireOf(stored(someDrafts(1)[0]))}})})
			got := desk.apply(t, before, Options{}).Drafts[0]
			if got.Outcome != OutcomeFailed || !strings.Contains(got.Error.Message, "lacks "+field+",") {
				t.Errorf("%s %q: %s, %+v", field, value, got.Outcome, got.Error)
			}
			for _, r := range desk.Requests() {
				if r.Method == http.MethodPatch {
					t.Errorf("%s %q: written all the same", field, value)
				}
			}
		}
	}
}
