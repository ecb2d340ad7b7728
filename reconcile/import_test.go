package reconcile

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// shelf keeps imported drafts as files that nobody has to look at.
type shelf struct {
	guard sync.Mutex
	files map[string][]byte
	found []spec.Diagnostic
}

func (s *shelf) write(d spec.Draft) (spec.Pos, error) {
	src, set, err := spec.Encode(d, d.FileName(), "", spec.Options{})
	if err != nil {
		return spec.Pos{}, err
	}
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[d.FileName()] = src
	s.found = append(s.found, set.Diagnostics...)
	return set.Drafts[0].Pos, nil
}

// drafts are what validate and plan read, long after.
func (s *shelf) drafts(t sandbox.TB) (all []spec.Draft) {
	t.Helper()
	for name, src := range s.files {
		set := spec.Decode(name, src, spec.Options{})
		if len(set.Drafts) != 1 {
			t.Fatalf("%s holds %d drafts: %s", name, len(set.Drafts), src)
		}
		all = append(all, set.Drafts[0])
	}
	return all
}

func intoShelf(s *shelf) ImportOptions {
	return ImportOptions{Options: Options{Parallelism: 8}, UserIDType: spec.OpenID, Zone: shanghai(), Write: s.write}
}

// answers is a server that has one thing to say of each notification.
type answers map[string]feishu.Notification

func (a answers) GetNotification(_ context.Context, id, _ string) (feishu.NotificationDetail, error) {
	return feishu.NotificationDetail{Notification: a[id]}, nil
}

// drawNotification draws what a server may hold, whether any rule allows it or not.
func drawNotification(t *rapid.T, id string) feishu.Notification {
	text := rapid.SampledFrom([]string{
		"", "维护", "a: b # c", " null", "\u202eevil\u200b", "a\nb", "- x\n- y\n", "=", "👨\u200d👩\u200d👧 🎉", "CON", strings.Repeat("长", 300), "1e3", `"\`, "\x00\r",
	})
	n := feishu.Notification{
		ID: id, JobName: text.Draw(t, "job_name"), Status: rapid.SampledFrom([]int{0, 0, 6, 99}).Draw(t, "status"),
		PushType: rapid.IntRange(0, 2).Draw(t, "push_type"), PushScopeType: rapid.IntRange(0, 4).Draw(t, "scope"),
		SendAt:      rapid.SampledFrom([]string{"", "1735700000000", "1796086800001", "9999999999999", "soon", "1735700000", "0", "-123456789012", "0000000000001"}).Draw(t, "send_at"),
		PushContent: rapid.SampledFrom([]string{`{"elements":[{"tag":"hr"}]}`, `{"a":1.0,"b":[1e400,-0],"c":null}`, "", "no JSON", "[]", `{"a":1,"a":2}`, `{"a":"\ud83d"}`, `{"schema":"2.0"}`, `{"type":"template","data":{"template_id":"x"}}`}).Draw(t, "card"),
		Ext:         rapid.SampledFrom([]string{"", "{}", "text", "\u2028"}).Draw(t, "ext"),
	}
	if rapid.Bool().Draw(t, "text card") {
		n.PushContent = `{"elements":[{"content":` + spec.TextJSON(text.Draw(t, "content")).String() + `,"tag":"markdown"}]}`
	}
	if number := rapid.IntRange(-1, 2).Draw(t, "new_staff"); number >= 0 {
		n.NewStaffScopeType = &number
	}
	for _, id := range rapid.SliceOfN(rapid.SampledFrom([]string{"od-a", "od-b", "0", "od_a", "bad id"}), 0, 3).Draw(t, "departments") {
		n.DepartmentList = append(n.DepartmentList, feishu.NotificationDepartment{DepartmentID: id, Name: shown(text.Draw(t, "name"))})
		n.NewStaffScopeDepartmentList = append(n.NewStaffScopeDepartmentList, feishu.NotificationDepartment{DepartmentID: id})
	}
	for _, id := range rapid.SliceOfN(rapid.SampledFrom([]string{"ou_a", "ou_b", "null", "on_c"}), 0, 3).Draw(t, "users") {
		n.UserList = append(n.UserList, feishu.NotificationUser{UserID: id, Name: shown(text.Draw(t, "name"))})
	}
	return n
}

// TestLawOfImport: whatever the helpdesk holds, the files say that and nothing else. Nothing is to be
// updated, neither by the plan of the import nor by one of the files; what no plan can be made of is a
// fault of the file, which was told.
func TestLawOfImport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		server, ids := answers{}, []string{}
		for i := range rapid.IntRange(1, 5).Draw(t, "notifications") {
			ids = append(ids, notificationID(i))
			server[ids[i]] = drawNotification(t, ids[i])
		}
		var s shelf
		m := MakeImport(t.Context(), server, helpdesk(), ids, intoShelf(&s))
		if m.Summary.Imported != len(ids) || !m.Complete || len(s.files) != len(ids) {
			t.Fatalf("%+v, %d files: %+v", m.Summary, len(s.files), m.Drafts)
		}
		later := MakePlan(t.Context(), server, helpdesk(), s.drafts(t), Options{})
		for i, d := range slices.Concat(m.Plan.Drafts, later.Drafts) {
			faulty := slices.ContainsFunc(s.found, func(f spec.Diagnostic) bool { return f.Pos.File == d.File && f.Level() == spec.Error })
			planned := i < len(ids) // by the import; what is faulty, nobody plans later
			if d.Action != NoOp && !(faulty && (d.Action == Failed || !planned)) {
				t.Fatalf("%s: %+v\n%s", d.Action, d, s.files[d.File])
			}
		}
	})
}

// TestImportRecorded imports what Feishu's own documentation shows, which breaks its own rules.
func TestImportRecorded(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"get_response.json": "6981801914270744596", "get_response_nulls.json": "7000000000000000001"} {
		var s shelf
		m := MakeImport(t.Context(), recorded(t, name), helpdesk(), []string{id}, intoShelf(&s))
		if m.Plan.Summary != (Summary{NoOp: 1}) {
			t.Errorf("%s: %+v, %+v", name, m.Drafts, m.Plan.Summary)
		}
	}
}

// TestImportMany imports five hundred drafts, one GET each, and nothing is to be done after that.
func TestImportMany(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(500)
	desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit, WriteRate: feishu.NoLimit}).holds(t, drafts, nil)
	ids := make([]string, len(drafts))
	for i, d := range drafts {
		ids[i] = d.NotificationID
	}
	var s shelf
	m := MakeImport(t.Context(), desk.client, helpdesk(), ids, intoShelf(&s))
	if m.Plan.Summary != (Summary{NoOp: 500}) || desk.Count(http.MethodGet) != 500 || (spec.Set{Diagnostics: s.found}).Errors() > 0 {
		t.Fatalf("%+v after %d GETs", m.Plan.Summary, desk.Count(http.MethodGet))
	}
	if later := desk.plan(t, s.drafts(t), Options{Parallelism: 8}); later.Summary != (Summary{NoOp: 500}) {
		t.Fatalf("the files plan as %+v", later.Summary)
	}
}

// TestImportLeavesOthersAlone: what is wrong with one id is told of it, and no file is written.
func TestImportLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, func(i int, n *sandbox.Notification) {
		if n.Status = 6; i == 1 {
			n.UserList, n.SendAt = []sandbox.User{{Name: "whose id is withheld"}}, "soon"
		}
	})
	var s shelf
	o := intoShelf(&s)
	o.Refused = map[string]error{"abc": errors.New("no id")}
	m := MakeImport(t.Context(), desk.client, helpdesk(), []string{"abc", "7", drafts[1].NotificationID, drafts[0].NotificationID}, o)
	for i, want := range []struct {
		outcome Action
		message string
	}{{Failed, "no id"}, {Failed, "Resource not found"}, {Failed, "the server left user_id out of user_list[0]"}, {Imported, ""}} {
		d := m.Drafts[i]
		if d.Outcome != want.outcome || want.message != "" && !strings.Contains(d.Error.Message, want.message) {
			t.Errorf("%+v, want %v", d, want)
		}
	}
	if got := m.Drafts[3].Notes; len(got) != 1 || got[0] != "its status is 6: it is no draft any more, and apply will not change it" {
		t.Errorf("notes %q", got)
	}
	if len(s.files) != 1 || desk.Count(http.MethodGet) != 3 {
		t.Errorf("%d files, %d GETs", len(s.files), desk.Count(http.MethodGet))
	}
}

// TestImportEndsWhereNothingFollows: an answer that holds for all is told once, and so is a stop; what
// was not read is counted.
func TestImportEndsWhereNothingFollows(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(3)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts, nil)
	desk.Fail(sandbox.Fault{Method: http.MethodGet, Kind: sandbox.ErrorBeforeCommit, Value: "400/99991403"})
	ids := []string{drafts[0].NotificationID, drafts[1].NotificationID, drafts[2].NotificationID}
	var s shelf
	o := intoShelf(&s)
	o.Parallelism = 1
	m := MakeImport(t.Context(), desk.client, helpdesk(), ids, o)
	if m.Error == nil || m.Error.Code != 99991403 || m.Complete || m.Summary != (ImportSummary{NotRead: 3}) || desk.Count(http.MethodGet) != 1 {
		t.Errorf("%+v, %+v after %d GETs", m.Error, m.Summary, desk.Count(http.MethodGet))
	}
	ctx, stop := context.WithCancel(t.Context())
	o.Write = func(d spec.Draft) (spec.Pos, error) {
		stop()
		return s.write(d)
	}
	m = MakeImport(ctx, desk.client, helpdesk(), ids, o)
	if m.Error != nil || m.Complete || m.Summary != (ImportSummary{Imported: 1, NotRead: 2}) || len(s.files) != 1 {
		t.Errorf("%+v, %+v, %d files", m.Error, m.Summary, len(s.files))
	}
}

// TestDraftOf: times keep their instant in any zone, and summer time counts.
func TestDraftOfZones(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for want, ms := range map[string]string{
		"2026-07-01T09:00:00+02:00": "1782889200000", "2026-12-01T09:00:00+01:00": "1796112000000",
	} {
		server := answers{"1": {ID: "1", JobName: "a", PushContent: "{}", SendAt: ms}}
		var s shelf
		o := intoShelf(&s)
		o.Zone = berlin
		if MakeImport(t.Context(), server, helpdesk(), []string{"1"}, o); !strings.Contains(string(s.files["a-1.yaml"]), "send_at: "+want+"\n") {
			t.Errorf("want %s in\n%s", want, s.files["a-1.yaml"])
		}
	}
}
