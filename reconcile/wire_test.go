package reconcile

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// recorded is a client that gets a recorded answer.
func recorded(t *testing.T, name string) *feishu.Client {
	t.Helper()
	body, err := os.ReadFile("../testdata/wire/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return connect(t, loopback, feishu.Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader(body)), Request: r,
		}, nil
	})})
}

// officialDraft says what the GET example of Feishu's own documentation shows.
const officialDraft = `notification_id: "6981801914270744596"
job_name: 测试推送任务
push_type: 0
push_scope_type: 0
new_staff_scope_type: 0
new_staff_scope_department_list: [od_7277fd1262bfafc363d5b2a1f9c2ac90]
user_list: [ou_7277fd1262bfafc363d5b2a1f9c2ac90]
department_list: [od_7277fd1262bfafc363d5b2a1f9c2ac90]
chat_list: [oc_7277fd1262bfafc363d5b2a1f9c2ac90]
send_at: "1626332244719"
push_content:
  elements:
    - text: {content: "[飞书](https://www.feishu.cn)整合即时沟通、日历、音视频会议、云文档、云盘、工作台等功能于一体,成就组织和个人,更高效、更愉悦。", tag: lark_md}
      tag: div
  config: {wide_screen_mode: true}
ext: "{}"
`

// TestOfficialSample: the documentation's own example breaks the documentation's scope rules.
// No file may say so, but a server that holds it is read and compared like any other.
func TestOfficialSample(t *testing.T) {
	t.Parallel()
	set := spec.Decode("official.yaml", []byte(officialDraft), spec.Options{})
	var rules []string
	for _, d := range set.Diagnostics {
		rules = append(rules, d.Rule)
	}
	slices.Sort(rules)
	want := []string{"audience-not-allowed", "audience-not-allowed", "new-staff-fields-ignored", "new-staff-fields-ignored"}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Fatal(diff)
	}
	client := recorded(t, "get_response.json")
	p := MakePlan(t.Context(), client, helpdesk(), set.Drafts, Options{})
	if got := p.Drafts[0]; got.Action != NoOp || got.Error != nil {
		t.Fatalf("%s %v: %q", got.Action, got.Error, lines(got.Changes))
	}
	legal := set.Drafts[0]
	legal.UserList, legal.DepartmentList = nil, nil
	p = MakePlan(t.Context(), client, helpdesk(), []spec.Draft{legal}, Options{})
	if diff := cmp.Diff([]string{
		`remove user_list @ ou_7277fd1262bfafc363d5b2a1f9c2ac90: {"id":"ou_7277fd1262bfafc363d5b2a1f9c2ac90","name":"test"} -> `,
		`remove department_list @ od_7277fd1262bfafc363d5b2a1f9c2ac90: {"id":"od_7277fd1262bfafc363d5b2a1f9c2ac90","name":"测试部门"} -> `,
	}, lines(p.Drafts[0].Changes)); diff != "" {
		t.Error(diff)
	}
}

// TestNullsSample: what a real server sends for a draft in which little is set.
func TestNullsSample(t *testing.T) {
	t.Parallel()
	detail, err := recorded(t, "get_response_nulls.json").GetNotification(t.Context(), "7000000000000000001", "open_id")
	if err != nil {
		t.Fatal(err)
	}
	got, err := fromWire(detail.Notification)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(diff.State{
		JobName: "Weekly tips", PushType: spec.Scheduled, PushScopeType: spec.SelectedMembers,
		NewStaffScopeDepartmentList: []spec.Target{}, DepartmentList: []spec.Target{}, ChatList: []spec.Target{},
		UserList:    []spec.Target{{ID: "ou_7277fd1262bfafc363d5b2a1f9c2ac90", Name: "A"}},
		PushContent: card(`{"config":{},"elements":[{"tag":"hr"}]}`),
	}, got); diff != "" {
		t.Error(diff)
	}
}

// TestWithheldIDs: without ids a comparison would plan to remove and add everybody, so there is
// none, and the hint says which scope is missing.
func TestWithheldIDs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why    string
		answer feishu.Notification
		want   string
	}{
		{"a user", feishu.Notification{UserList: []feishu.NotificationUser{{UserID: "ou_a"}, {Name: shown("张三")}}}, "user_id out of user_list[1]"},
		{"a department", feishu.Notification{DepartmentList: []feishu.NotificationDepartment{{}}}, "department_id out of department_list[0]"},
		{"a department of new staff", feishu.Notification{NewStaffScopeDepartmentList: []feishu.NotificationDepartment{{}}}, "department_id out of new_staff_scope_department_list[0]"},
		{"a chat", feishu.Notification{ChatList: []feishu.NotificationChat{{ChatID: "oc_a"}, {}}}, "chat_id out of chat_list[1]"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, err := fromWire(row.answer)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, want %q in it", err, row.want)
			}
		})
	}
	drafts := someDrafts(1)
	desk := overLoopback(t, sandbox.Options{Switches: []string{"user_ids=withhold_all"}}).holds(t, drafts, nil)
	d := desk.plan(t, drafts, Options{}).Drafts[0]
	if d.Action != Failed || d.Error == nil || !strings.Contains(d.Error.Hint, "contact:user.employee_id:readonly") || d.Live != nil {
		t.Errorf("%s, %+v", d.Action, d.Error)
	}
}

// TestPatchBody fixes what goes over the wire, byte by byte: the whole writable state, lists
// that are empty as [], and send_at and ext left out only where there is nothing to clear.
func TestPatchBody(t *testing.T) {
	t.Parallel()
	const head, audience = `{"job_name":"Job 0",`, `"push_type":0,"push_scope_type":2,"user_list":[{"user_id":"ou_a"},{"user_id":"ou_b"}],"department_list":[],"chat_list":[{"chat_id":"oc_a"}]`
	const plain = `"push_content":"{}",`
	for _, row := range []struct {
		why  string
		edit func(*spec.Draft)
		live func(*sandbox.Notification)
		want string
	}{
		{
			why:  "names and avatars are never sent, and fields of the server neither",
			edit: func(d *spec.Draft) { d.PushContent = card("{}") },
			want: head + `"send_at":"1796086800000",` + plain + audience + `}`,
		},
		{
			why: "a card is compact, keeps its numbers as written, and its < > & as they are",
			edit: func(d *spec.Draft) {
				d.PushContent = card(`{ "n": [1.0, 1e2, 12345678901234567890], "t": "<b> & \u00e9\u2028" }`)
			},
			want: head + `"send_at":"1796086800000","push_content":"{\"n\":[1.0,1e2,12345678901234567890],\"t\":\"<b> & é` + "\u2028" + `\"}",` + audience + `}`,
		},
		{
			why: "every list that the file leaves out is cleared",
			edit: func(d *spec.Draft) {
				d.PushContent, d.PushScopeType, d.UserList, d.ChatList = card("{}"), spec.AllMembers, nil, nil
			},
			want: head + `"send_at":"1796086800000",` + plain + `"push_type":0,"push_scope_type":0,"user_list":[],"department_list":[],"chat_list":[]}`,
		},
		{
			why:  "send_at that the file leaves is carried over from the server",
			edit: func(d *spec.Draft) { d.PushContent, d.SendAt = card("{}"), spec.Owned[time.Time]{} },
			live: func(n *sandbox.Notification) { n.SendAt = "1735700000000" },
			want: head + `"send_at":"1735700000000",` + plain + audience + `}`,
		},
		{
			why:  "send_at that neither has is left out",
			edit: func(d *spec.Draft) { d.PushContent, d.SendAt = card("{}"), spec.Owned[time.Time]{} },
			live: func(n *sandbox.Notification) { n.SendAt = "" },
			want: head + plain + audience + `}`,
		},
		{
			why:  "send_at that the file clears is sent as nothing",
			edit: func(d *spec.Draft) { d.PushContent, d.SendAt = card("{}"), spec.Owned[time.Time]{Given: true} },
			want: head + `"send_at":"",` + plain + audience + `}`,
		},
		{
			why:  "ext that the file leaves is carried over as it is, white space and all",
			edit: func(d *spec.Draft) { d.PushContent = card("{}") },
			live: func(n *sandbox.Notification) { n.Ext = ` {"a": 1.0}` },
			want: head + `"send_at":"1796086800000",` + plain + audience + `,"ext":" {\"a\": 1.0}"}`,
		},
		{
			why:  "ext that the file clears is sent as nothing",
			edit: func(d *spec.Draft) { d.PushContent, d.Ext = card("{}"), spec.Owned[string]{Given: true} },
			live: func(n *sandbox.Notification) { n.Ext = "{}" },
			want: head + `"send_at":"1796086800000",` + plain + audience + `,"ext":""}`,
		},
		{
			why: "new_staff_scope_type 0 is a value and is sent",
			edit: func(d *spec.Draft) {
				d.PushContent, d.UserList, d.ChatList = card("{}"), nil, nil
				d.PushType, d.PushScopeType, d.NewStaffScopeType = spec.NewStaff, spec.NewStaffScope, spec.AllNewStaff
			},
			want: head + `"send_at":"1796086800000",` + plain + `"push_type":1,"push_scope_type":3,"new_staff_scope_type":0,"new_staff_scope_department_list":[],"user_list":[],"department_list":[],"chat_list":[]}`,
		},
		{
			why: "new_staff_* that a file has beside push_type scheduled are not sent",
			edit: func(d *spec.Draft) {
				d.PushContent, d.NewStaffScopeType = card("{}"), spec.NewStaffDepartments
				d.NewStaffScopeDepartmentList = []spec.Target{{ID: "od-a"}}
			},
			want: head + `"send_at":"1796086800000",` + plain + audience + `}`,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			drafts := someDrafts(1)
			desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(_ int, n *sandbox.Notification) {
				n.PushContent = `{"another":"card"}`
				if row.live != nil {
					row.live(n)
				}
			})
			row.edit(&drafts[0])
			result := desk.apply(t, desk.plan(t, drafts, Options{}), Options{})
			if got := result.Drafts[0]; got.Outcome != OutcomeApplied {
				t.Fatalf("%s: %v", got.Outcome, got.Error)
			}
			for _, r := range desk.Requests() {
				if r.Method == http.MethodPatch && r.Body != row.want {
					t.Errorf("sent %s\nwant %s", r.Body, row.want)
				}
			}
		})
	}
}

// TestWireRoundTrip: what is PATCHed is what GET returns, over real HTTP, whatever the server
// held before and however it treats what Feishu leaves undocumented.
func TestWireRoundTrip(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why      string
		switches []string
	}{
		{"the assumed server", nil},
		{"one that unsets what is left out", []string{"patch_mode=replace", "unset_lists=absent"}},
		{"one that stores cards compactly and lists backwards", []string{"push_content=compact", "list_order=reversed", "unset_lists=empty"}},
		{"one that drops what is not in effect, and looks at the body alone", []string{"new_staff_unused=dropped", "patch_rules=body", "list_names=as_sent"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			desk, n := overLoopback(t, sandbox.Options{Switches: row.switches}), 0
			rapid.Check(t, func(t *rapid.T) {
				n++
				d := drawDraft(t, notificationID(n))
				desk.seed(t, stored(drawDraft(t, d.NotificationID)))
				live := desk.holding(t, d.NotificationID)
				want := desired(d, live)
				if err := patchInSlot(t.Context(), desk.client, d.NotificationID, want, live); err != nil {
					t.Fatal(err)
				}
				detail, err := desk.client.GetNotification(t.Context(), d.NotificationID, "open_id")
				if err != nil {
					t.Fatal(err)
				}
				got, err := fromWire(detail.Notification)
				if err != nil || !diff.Equal(want, got) || string(want.Canonical()) != string(got.InEffect(want.PushType).Canonical()) {
					t.Fatalf("%v\nwant %v\ngot  %v\n%q", err, want, got, lines(diff.Between(want, got)))
				}
				if text := detail.Notification.PushContent; text != d.PushContent.String() {
					t.Fatalf("the card came back as %s\nand was sent as %s", text, d.PushContent)
				}
			})
		})
	}
}

// TestOwnership: what a file leaves to the server is the server's, so the comparison finds
// nothing there; what it gives, empty or not, is the file's.
func TestOwnership(t *testing.T) {
	t.Parallel()
	live := diff.State{SendAt: "1735700000000", Ext: "{}"}
	for _, row := range []struct {
		why         string
		draft       spec.Draft
		sendAt, ext string
	}{
		{"left out", spec.Draft{}, "1735700000000", "{}"},
		{"cleared", spec.Draft{SendAt: spec.Owned[time.Time]{Given: true}, Ext: spec.Owned[string]{Given: true}}, "", ""},
		{
			"given, in the file's offset and to the millisecond",
			spec.Draft{
				SendAt: spec.Owned[time.Time]{Value: time.Date(2026, 12, 1, 9, 0, 0, 7_999_999, shanghai()), Given: true},
				Ext:    spec.Owned[string]{Value: "x", Given: true},
			},
			"1796086800007", "x",
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if got := desired(row.draft, live); got.SendAt != row.sendAt || got.Ext != row.ext {
				t.Errorf("send_at %q, ext %q", got.SendAt, got.Ext)
			}
		})
	}
}

// TestSandboxSeedPlansAsUnchanged: a sandbox that is seeded from files says what they say.
func TestSandboxSeedPlansAsUnchanged(t *testing.T) {
	t.Parallel()
	desk, n := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit}), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		d := drawDraft(t, notificationID(n))
		src, err := SandboxSeed(d)
		if err == nil {
			err = desk.Seed(src)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if got := desk.plan(t, []spec.Draft{d}, Options{}).Drafts[0]; got.Action != NoOp {
			t.Fatalf("%s %v: %q", got.Action, got.Error, lines(got.Changes))
		}
	})
	if _, err := SandboxSeed(spec.Draft{Pos: spec.Pos{File: "new.yaml", Line: 3, Column: 1}}); err == nil || !strings.Contains(err.Error(), "new.yaml:3:1") {
		t.Errorf("a draft without an id: %v", err)
	}
}

// TestOnlyWhatWasJudgedIsWritten: a state that no draft without faults can ask for makes no
// request, however it came there.
func TestOnlyWhatWasJudgedIsWritten(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		edit func(*spec.Draft)
		says string
	}{
		{"no push_type", func(d *spec.Draft) { d.PushType = 0 }, "push_type"},
		{"a push_type nobody documented", func(d *spec.Draft) { d.PushType = spec.PushTypeOf(7) }, "push_type"},
		{"no push_scope_type", func(d *spec.Draft) { d.PushScopeType = 0 }, "push_scope_type"},
		{"a push_scope_type nobody documented", func(d *spec.Draft) { d.PushScopeType = spec.PushScopeTypeOf(4) }, "push_scope_type"},
		{"a new_staff_scope_type nobody documented", func(d *spec.Draft) {
			d.PushType, d.PushScopeType, d.NewStaffScopeType = spec.NewStaff, spec.NewStaffScope, spec.NewStaffScopeTypeOf(2)
		}, "new_staff_scope_type"},
		{"no card", func(d *spec.Draft) { d.PushContent = spec.JSON{} }, "push_content"},
		{"a card that is a text", func(d *spec.Draft) { d.PushContent = spec.TextJSON("{}") }, "push_content"},
		{"no job_name", func(d *spec.Draft) { d.JobName = "" }, "job_name"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			drafts := someDrafts(1)
			desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(_ int, n *sandbox.Notification) { n.JobName = "Old" })
			sound := desk.plan(t, drafts, Options{})
			row.edit(&drafts[0])
			p := desk.plan(t, drafts, Options{})
			if d := p.Drafts[0]; d.Action != Failed || d.Error == nil || !strings.HasPrefix(d.Error.Message, row.says+" ") {
				t.Errorf("planned as %s: %+v", d.Action, d.Error)
			}
			sound.Drafts[0].Desired = new(desired(drafts[0], *sound.Drafts[0].Live)) // as if planning had let it through
			r := desk.apply(t, sound, Options{})
			if r.Drafts[0].Outcome != OutcomeFailed || desk.Count(http.MethodPatch) > 0 {
				t.Errorf("%s after %d PATCHes", r.Drafts[0].Outcome, desk.Count(http.MethodPatch))
			}
		})
	}
}
