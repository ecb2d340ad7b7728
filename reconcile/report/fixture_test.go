package report_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with a file of testdata/golden.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (write it with go test ./reconcile/report -update, and read it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}

// reader answers GETs from a map; an id that is not in it is a 404.
type reader map[string]feishu.NotificationDetail

func (r reader) GetNotification(_ context.Context, id, _ string) (feishu.NotificationDetail, error) {
	d, ok := r[id]
	if !ok {
		return d, &feishu.Error{Op: "get notification", ID: id, HTTPStatus: 404, Code: 154004, Msg: "Resource not found", LogID: "20260101000000ABCDEF0123456789ABCDEF"}
	}
	return d, nil
}

func shown(s string) feishu.Lenient[string] { return feishu.Lenient[string]{Value: s} }

func detail(n feishu.Notification) feishu.NotificationDetail {
	return feishu.NotificationDetail{Notification: n}
}

func card(t *testing.T, src string) spec.JSON {
	t.Helper()
	v, err := spec.ParseJSON([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var target = reconcile.Helpdesk{BaseURL: "https://open.feishu.cn", HelpdeskID: "7000000000000000000"}

const id1, id2, id3, id4, id5 = "7000000000000000001", "7000000000000000002", "7000000000000000003", "7000000000000000004", "7000000000000000005"

// plan is one of everything: a widened audience, lists, a reworded card, a moved time (see afterwards), a
// hostile name, a blocked draft, one that is gone and one that is equal.
func plan(t *testing.T) reconcile.Plan {
	t.Helper()
	const before = `{"config":{"wide_screen_mode":true},"header":{"title":{"tag":"plain_text","content":"系统维护"},"template":"blue"},
		"elements":[{"tag":"div","text":{"tag":"lark_md","content":"**维护通知**\n时间:周五 22:00\n影响:邮件、日历"}},{"tag":"hr"}]}`
	const after = `{"config":{"wide_screen_mode":true},"header":{"title":{"tag":"plain_text","content":"系统维护"},"template":"orange"},
		"elements":[{"tag":"div","text":{"tag":"lark_md","content":"**维护通知**\n时间:周六 22:00\n影响:邮件、日历"}},{"tag":"hr"},
		{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"查看状态页"},"url":"https://status.example.com"}]}]}`
	shanghai := time.FixedZone("", 8*3600)
	live := reader{
		id1: detail(feishu.Notification{ID: id1, JobName: "系统维护通知", PushType: 0, PushScopeType: 2, PushContent: before, SendAt: "1796086800000",
			UserList: []feishu.NotificationUser{{UserID: "ou_a", Name: shown("张三")}, {UserID: "ou_b", Name: shown("李四")}}}),
		id2: detail(feishu.Notification{ID: id2, JobName: "Welcome", PushType: 0, PushScopeType: 2, PushContent: `{}`,
			UserList: []feishu.NotificationUser{{UserID: "ou_a", Name: shown("张三")}}, DepartmentList: []feishu.NotificationDepartment{{DepartmentID: "od-1", Name: shown("技术部")}}}),
		id3: detail(feishu.Notification{ID: id3, JobName: "Approved\x1b[2J\nApply: 9 applied\u202Egnp.exe", Status: 2, PushScopeType: 0, PushContent: `{}`}),
		id5: detail(feishu.Notification{ID: id5, JobName: "Equal", PushScopeType: 0, PushContent: ` { } `}),
	}
	all := func(line int, id, name string) spec.Draft {
		return spec.Draft{Pos: spec.Pos{File: "drafts/all.yaml", Line: line, Column: 1}, NotificationID: id, UserIDType: spec.OpenID, JobName: name,
			PushType: spec.Scheduled, PushScopeType: spec.AllMembers, PushContent: card(t, `{}`)}
	}
	maintenance := all(1, id1, "系统维护通知(周六)")
	maintenance.PushScopeType = spec.SelectedMembers
	maintenance.UserList = []spec.Target{{ID: "ou_a"}, {ID: "ou_c", Name: "王五"}}
	maintenance.SendAt = spec.Owned[time.Time]{Value: time.UnixMilli(1796173200000).In(shanghai), Given: true}
	maintenance.PushContent = card(t, after)
	drafts := []spec.Draft{maintenance, all(20, id2, "Welcome"), all(30, id3, "Approved"), all(40, id4, "Gone"), all(50, id5, "Equal")}
	return reconcile.MakePlan(context.Background(), live, target, drafts, reconcile.Options{Parallelism: 4})
}

// afterwards is a day later than the send_at that plan would write.
var afterwards = time.UnixMilli(1796173200000).AddDate(0, 0, 1)

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
