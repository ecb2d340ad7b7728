package feishu

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Made-up credentials of realistic form; no part of them may ever be shown.
const (
	testID        = "7000000000000000001"
	testHelpdesk  = "7000000000000000000"
	testHTToken   = "ht-c2a1f9d2-90ab-4cde-8f01-5d3e7b1f9a60"
	testUserToken = "u-7f1bcd13fc57d46bac21793a18e560"
	testLogID     = "20250101120000ABCDEF0123456789ABCD"
)

func testSettings(base string) Settings {
	return Settings{
		BaseURL:           base,
		HelpdeskID:        testHelpdesk,
		HelpdeskToken:     NewSecret(testHTToken),
		UserAccessToken:   NewSecret(testUserToken),
		AppSecret:         NewSecret("aQ4xw8LrZt2pVn6b"),
		TenantAccessToken: NewSecret("t-e31b09c7d5f2"),
	}
}

func testClient(t testing.TB, base string, o Options) *Client {
	t.Helper()
	c, err := New(testSettings(base), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// patience is how long a test over a real connection waits for what never comes. What does come has
// to be there before: on a busy machine a handshake may take a tenth of it.
const patience = 2 * time.Second

// serve starts a loopback server and returns a client for it without limits.
func serve(t testing.TB, h http.HandlerFunc) *Client {
	t.Helper()
	return testClient(t, listen(t, h).URL, Options{ReadRate: NoLimit, WriteRate: NoLimit})
}

func listen(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// reply writes a JSON answer with a log id.
func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Tt-Logid", testLogID)
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// found is what GET answers about a draft in which nothing is set.
func found(id string) string {
	return fmt.Sprintf(`{"code":0,"msg":"success","data":{"notification":{"id":%q,"status":0,"push_type":0,"push_scope_type":0}}}`, id)
}

func sample(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile("../testdata/wire/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// wire is a request as a server sees it.
type wire struct {
	Line   string
	Header http.Header
	Body   string
}

// record answers every request alike and keeps the last.
func record(last *wire, answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*last = wire{r.Method + " " + r.RequestURI, r.Header, string(body)}
		reply(w, http.StatusOK, answer)
	}
}

func TestGetOnTheWire(t *testing.T) {
	t.Parallel()
	var got wire
	c := serve(t, record(&got, sample(t, "get_response_nulls.json")))
	if _, err := c.GetNotification(t.Context(), testID, ""); err != nil {
		t.Fatal(err)
	}
	want := wire{
		Line: "GET /open-apis/helpdesk/v1/notifications/7000000000000000001?user_id_type=open_id",
		Header: http.Header{
			"Authorization": {"Bearer " + testUserToken},
			"X-Lark-Helpdesk-Authorization": {
				"NzAwMDAwMDAwMDAwMDAwMDAwMDpodC1jMmExZjlkMi05MGFiLTRjZGUtOGYwMS01ZDNlN2IxZjlhNjA="},
			"Accept-Encoding": {"gzip"},
			"User-Agent":      {"notiform"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPatchOnTheWire(t *testing.T) {
	t.Parallel()
	empty, some, at, nst := []DepartmentID{}, []DepartmentID{{"od-1"}}, "", 0
	for _, row := range []struct {
		why   string
		patch NotificationPatch
		want  string
	}{
		{
			why:  "empty lists are written out, pointers that are nil are not there",
			want: `{"job_name":"","push_content":"","push_type":0,"push_scope_type":0,"user_list":[],"department_list":[],"chat_list":[]}`,
		},
		{
			why: "nothing is escaped for HTML, and a pointer to zero is sent",
			patch: NotificationPatch{
				JobName: "a<b>&c 飞书", SendAt: &at, PushContent: `{"k":"<&>"}`, PushType: 1, PushScopeType: 3,
				NewStaffScopeType: &nst, NewStaffScopeDepartmentList: &empty, Ext: &at,
				UserList: []UserID{{"ou_1"}}, DepartmentList: some, ChatList: []ChatID{{"oc_1"}, {"oc_2"}},
			},
			want: `{"job_name":"a<b>&c 飞书","send_at":"","push_content":"{\"k\":\"<&>\"}","push_type":1,"push_scope_type":3,` +
				`"new_staff_scope_type":0,"new_staff_scope_department_list":[],"user_list":[{"user_id":"ou_1"}],` +
				`"department_list":[{"department_id":"od-1"}],"chat_list":[{"chat_id":"oc_1"},{"chat_id":"oc_2"}],"ext":""}`,
		},
		{
			why:   "a pointer to a nil list clears it as well",
			patch: NotificationPatch{NewStaffScopeDepartmentList: new([]DepartmentID)},
			want: `{"job_name":"","push_content":"","push_type":0,"push_scope_type":0,"new_staff_scope_department_list":[],` +
				`"user_list":[],"department_list":[],"chat_list":[]}`,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var got wire
			c := serve(t, record(&got, sample(t, "patch_response.json")))
			logID, err := patch(t, c, testID, "union_id", row.patch)
			if err != nil || logID != testLogID {
				t.Fatalf("log id %q, error %v", logID, err)
			}
			if got.Line != "PATCH /open-apis/helpdesk/v1/notifications/7000000000000000001?user_id_type=union_id" {
				t.Error(got.Line)
			}
			if kind := got.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
				t.Error(kind)
			}
			if diff := cmp.Diff(row.want, got.Body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, prefix, id, want string }{
		{"a trailing slash of the base does not double", "/", "1", "/open-apis/helpdesk/v1/notifications/1?user_id_type=user_id"},
		{"a gateway may put its own path in front", "/lark/", "1", "/lark/open-apis/helpdesk/v1/notifications/1?user_id_type=user_id"},
		{"an id cannot leave its segment", "", "../a?b#c d%", "/open-apis/helpdesk/v1/notifications/..%2Fa%3Fb%23c%20d%25?user_id_type=user_id"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var got wire
			s := listen(t, record(&got, `{"code":154004,"msg":"no"}`))
			c := testClient(t, s.URL+row.prefix, Options{UserAgent: "me/1"})
			_, err := c.GetNotification(t.Context(), row.id, "user_id")
			if err == nil || got.Line != "GET "+row.want || got.Header.Get("User-Agent") != "me/1" {
				t.Errorf("%v: %s %v", err, got.Line, got.Header)
			}
		})
	}
}

func TestIDsThatWouldNameAnotherPath(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request left") })
	for _, id := range []string{"", ".", ".."} {
		_, err := patch(t, c, id, "", NotificationPatch{})
		if err == nil || !IsRefused(err) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestGetDecodesTheOfficialSample(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { reply(w, 200, sample(t, "get_response.json")) })
	got, err := c.GetNotification(t.Context(), "6981801914270744596", "open_id")
	if err != nil {
		t.Fatal(err)
	}
	user := NotificationUser{"ou_7277fd1262bfafc363d5b2a1f9c2ac90", Lenient[string]{"test"}}
	department := []NotificationDepartment{{"od_7277fd1262bfafc363d5b2a1f9c2ac90", Lenient[string]{"测试部门"}}}
	want := NotificationDetail{
		Notification: Notification{
			ID: "6981801914270744596", JobName: "测试推送任务",
			UpdatedAt: Lenient[string]{"1626332244719"}, SendAt: "1626332244719",
			UpdateUser:        Lenient[NotificationUser]{user},
			PushContent:       got.Notification.PushContent,
			NewStaffScopeType: new(int), NewStaffScopeDepartmentList: department,
			UserList: []NotificationUser{user}, DepartmentList: department,
			ChatList: []NotificationChat{{"oc_7277fd1262bfafc363d5b2a1f9c2ac90", Lenient[string]{"测试群聊"}}}, Ext: "{}",
			TargetUserCount: Lenient[*int]{new(1)},
		},
		ApprovalAppLink: "http://applink.feishu.cn/*xx",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	const begin = `{   "config": {     "wide_screen_mode": true   },   "elements": [`
	if !strings.HasPrefix(got.Notification.PushContent, begin) {
		t.Errorf("white space of the card was not kept: %q", got.Notification.PushContent)
	}
}

func TestGetDecodesNullsAndUnknownFields(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { reply(w, 200, sample(t, "get_response_nulls.json")) })
	got, err := c.GetNotification(t.Context(), testID, "open_id")
	if err != nil {
		t.Fatal(err)
	}
	user := NotificationUser{UserID: "ou_7277fd1262bfafc363d5b2a1f9c2ac90"}
	want := Notification{
		ID: testID, JobName: "Weekly tips", UpdateUser: Lenient[NotificationUser]{user}, PushContent: "{\n  \"config\": {},\n  \"elements\": [ {\"tag\": \"hr\"} ]\n}",
		PushScopeType: 2,
		UserList:      []NotificationUser{{user.UserID, Lenient[string]{"A"}}}, TargetUserCount: Lenient[*int]{new(7814)},
	}
	if diff := cmp.Diff(want, got.Notification); diff != "" {
		t.Error(diff)
	}
}
