package reconcile

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for a machine that has no zones of its own

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

var update = flag.Bool("update", false, "write the golden files anew; then read them")

// made is when the plans of these tests were saved, in an offset that a plan file does not keep.
func made() time.Time { return time.Date(2025, 11, 30, 18, 0, 0, 0, shanghai()) }

func saved(t testing.TB, p Plan) []byte {
	t.Helper()
	data, err := p.Save(made())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// planDifference tells two plans apart to the letter: numbers in cards by their spelling. When they
// were saved is not looked at.
func planDifference(a, b Plan) string {
	return cmp.Diff(a, b, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Plan{}, "CreatedAt"), cmp.Transformer("text", spec.JSON.String))
}

// drawSaved draws a plan as MakePlan and LabelOrigins make them.
func drawSaved(t *rapid.T) Plan {
	var drafts []PlannedDraft
	base := map[string]spec.Draft{}
	for i := range rapid.IntRange(0, 4).Draw(t, "drafts") {
		d := drawDraft(t, notificationID(i))
		d.Pos.File = rapid.SampledFrom([]string{"drafts/a b.yaml", "通知/\"入职\".yaml", "-", "a\u202eb\n.yaml"}).Draw(t, "file")
		d.JobName = rapid.SampledFrom([]string{d.JobName, "Hi\u202egnp.exe\u200b\x1b[2J\x00\r\n", "😀\u2028\ufffd", strings.Repeat("长", 300)}).Draw(t, "name")
		d.UserIDType = rapid.SampledFrom([]spec.UserIDType{spec.OpenID, spec.UnionID, spec.UserID}).Draw(t, "user_id_type")
		drafts = append(drafts, planDraft(d, drawObservation(t, d)))
		if rapid.Bool().Draw(t, "in base") {
			base[d.NotificationID] = drawDraft(t, d.NotificationID)
		} else {
			drafts[i].BaseUntold = rapid.SampledFrom([]string{"", "not tracked by Git"}).Draw(t, "untold")
		}
	}
	p := newPlan(helpdesk(), drafts)
	p.ToolVersion, p.ExitCode, p.Complete = "v1.2.3", rapid.IntRange(0, 130).Draw(t, "exit_code"), rapid.Bool().Draw(t, "complete")
	if len(base) > 0 {
		p.Base, p.BaseFaulty = strings.Repeat("0a", 20), rapid.SliceOfN(rapid.SampledFrom([]string{"a.yaml", "通知.yaml"}), 0, 2).Draw(t, "faulty")
		p.LabelOrigins(base)
	}
	return p
}

// drawObservation draws what a GET of d may bring: what d says, something else, or a fault.
func drawObservation(t *rapid.T, d spec.Draft) observation {
	var n feishu.Notification
	switch rapid.SampledFrom([]string{"equal", "other", "hostile", "gone", "withheld"}).Draw(t, "observation") {
	case "equal":
		n = wireOf(stored(d))
	case "other":
		n = wireOf(stored(drawDraft(t, d.NotificationID)))
	case "hostile":
		n = drawHostile(t)
	case "gone":
		return observation{err: &feishu.Error{Op: "get notification", HTTPStatus: 404, Code: 154004, Msg: "没有 \"it\"\n", LogID: "20260101000000ABCDEF0123456789ABCDEF"}}
	case "withheld":
		n = feishu.Notification{UserList: []feishu.NotificationUser{{Name: shown("张三")}}}
	}
	n.Status = rapid.SampledFrom([]int{0, 0, 0, 2, -1}).Draw(t, "status")
	n.UpdatedAt.Value = rapid.SampledFrom([]string{"", "1796086800000", "soon"}).Draw(t, "updated_at")
	n.UpdateUser.Value.Name.Value = rapid.SampledFrom([]string{"", "李四"}).Draw(t, "update_user")
	return observation{detail: feishu.NotificationDetail{Notification: n}}
}

// drawHostile draws what no file could say.
func drawHostile(t *rapid.T) feishu.Notification {
	number := rapid.IntRange(0, 9)
	n := feishu.Notification{
		JobName:  "\x1b]0;x\a\u202e<b>" + drawText(t),
		PushType: number.Draw(t, "push_type"), PushScopeType: number.Draw(t, "push_scope_type"),
		SendAt: rapid.SampledFrom([]string{"", "soon", "0", "1796086800000", "99999999999999999999"}).Draw(t, "send_at"),
		PushContent: rapid.SampledFrom([]string{
			"", "no JSON", `{"a":`, `{"a":1,"a":2}`, `[1]`, `"{}"`, "\u0000\ufffd",
			`{"n":[123456789012345678901234567890.10,-0.0,1E400,1e-99999999999,0.1]}`, " {\"\\u4e2d\" : \"\\ud83d\\ude00\"}\n",
		}).Draw(t, "push_content"),
		Ext:      rapid.SampledFrom([]string{"", "null", `{"n":1.50}`, "\x00", `"x"`}).Draw(t, "ext"),
		UserList: []feishu.NotificationUser{{UserID: "ou_b", Name: shown("\u200b")}, {UserID: "ou_a"}, {UserID: "ou_a", Name: shown("Al")}},
		ChatList: []feishu.NotificationChat{{ChatID: "oc_" + drawText(t), Name: shown(drawText(t))}},
	}
	if rapid.Bool().Draw(t, "new staff") {
		scope := number.Draw(t, "new_staff_scope_type")
		n.NewStaffScopeType = &scope
		n.NewStaffScopeDepartmentList = []feishu.NotificationDepartment{{DepartmentID: "od-a", Name: shown("技术部")}}
	}
	return n
}

// TestSavedPlanIsThePlan: what is read is what was saved, and saving is a function.
func TestSavedPlanIsThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawSaved(t)
		data, err := p.Save(made())
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadPlan(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := planDifference(p, got); diff != "" {
			t.Fatalf("saved and read:\n%s\n%s", diff, data)
		}
		if !got.CreatedAt.Equal(made()) || got.CreatedAt.Location() != time.UTC {
			t.Fatalf("made at %v", got.CreatedAt)
		}
		if again, err := got.Save(made()); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("saved again (%v), it is\n%s\nwas\n%s", err, again, data)
		}
		if later, err := p.Save(made().Add(time.Second)); err != nil || bytes.Equal(later, data) {
			t.Fatalf("saved later, it is the same file (%v)", err)
		}
	})
}

// everyAction is a plan with a draft of each action, small enough to change it everywhere.
func everyAction(t testing.TB) Plan {
	t.Helper()
	drafts := someDrafts(4)
	drafts[0].UserList[1].Name = "只在文件里"
	drafts[0].SendAt.Value = time.UnixMilli(1764550800000).In(shanghai()) // whoever shows the plan, it has passed
	var planned []PlannedDraft
	for i, d := range drafts {
		n := wireOf(stored(d))
		n.UpdatedAt.Value, n.UpdateUser.Value.Name.Value = "1764496800000", "李四"
		o := observation{detail: feishu.NotificationDetail{Notification: n}}
		switch live := &o.detail.Notification; i {
		case 0:
			live.JobName, live.SendAt, live.UserList, live.Ext = "旧\u202e名\x1b[2J", "1735700000000", live.UserList[:1], `{"k":1.50}`
			live.PushContent = `{ "elements": [ {"tag":"hr"} ], "n": 12345678901234567890.0 }`
			live.PushScopeType, live.DepartmentList = 1, []feishu.NotificationDepartment{{DepartmentID: "od-x", Name: shown("技术部")}}
		case 2:
			live.Status, live.ChatList = 2, nil
		case 3:
			o = observation{err: &feishu.Error{Op: "get notification", ID: d.NotificationID, HTTPStatus: 404, Code: 154004, Msg: "not found", LogID: "20260101000000ABCDEF0123456789ABCDEF"}}
		}
		planned = append(planned, planDraft(d, o))
	}
	p := newPlan(helpdesk(), planned)
	p.ToolVersion, p.Base, p.ExitCode = "v1.0.0", strings.Repeat("0a", 20), 4
	was := drafts[0]
	was.JobName, was.ChatList, was.UserList = "旧\u202e名\x1b[2J", nil, was.UserList[:1]
	was.SendAt.Value = moments()[2].Add(time.Hour)
	p.LabelOrigins(map[string]spec.Draft{was.NotificationID: was})
	if diff := cmp.Diff([]Action{Update, NoOp, Blocked, Failed}, actions(p)); diff != "" {
		t.Fatal(diff)
	}
	return p
}

// TestSavedPlanGolden fails when the plan file changes, which readers of older files notice. It
// is the file that the scripts show.
func TestSavedPlanGolden(t *testing.T) {
	t.Parallel()
	golden(t, "saved_plan.json", saved(t, everyAction(t)))
	golden(t, "newer_plan.json", newerPlan(t))
}

// golden compares got with a file of testdata/golden.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (write it with go test ./reconcile -run Golden -update, and read it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

// resealed gives a changed plan file the checksum that it needs, as a version would that has
// more to say, or somebody who is determined.
func resealed(src []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(src, &members); err != nil {
		return nil, err
	}
	delete(members, "checksum")
	open, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	sum, err := checksum(open)
	if err != nil {
		return nil, err
	}
	members["checksum"] = json.RawMessage(`"` + sum + `"`)
	return json.Marshal(members)
}

func mustReseal(t testing.TB, src []byte) []byte {
	t.Helper()
	out, err := resealed(src)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// newerPlan is everyAction as a later minor version may save it.
func newerPlan(t testing.TB) []byte {
	t.Helper()
	newer := mustReplace(t, string(saved(t, everyAction(t))), `"format_version": "1.0"`, `"format_version": "1.7", "mood": {"checksum": "", "n": 1.50}`)
	newer = mustReplace(t, newer, `"job_name": "Job 0"`, `"job_name": "Job 0", "since": ["1.7"]`)
	return mustReseal(t, []byte(newer))
}

func TestReadPlanAcceptsANewerMinor(t *testing.T) {
	t.Parallel()
	p, src := everyAction(t), newerPlan(t)
	got, err := ReadPlan(src)
	if err != nil {
		t.Fatal(err)
	}
	p.FormatVersion = "1.7"
	if diff := planDifference(p, got); diff != "" {
		t.Error(diff)
	}
	for _, edit := range [][2]string{{`1.50}`, `1.51}`}, {`["1.7"]`, `["1.8"]`}} {
		if _, err := ReadPlan([]byte(mustReplace(t, string(src), edit[0], edit[1]))); err == nil {
			t.Errorf("an unknown field was edited, %s, and the plan is taken", edit[1])
		}
	}
}

// TestReadPlanOfBeforeNotRead: versions that had no action for it called a draft that was not read
// failed, and told it by the kind of its error.
func TestReadPlanOfBeforeNotRead(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(3)
	failed := observation{err: &feishu.Error{Op: "get notification", HTTPStatus: 404, Code: 154004}}
	p := newPlan(helpdesk(), []PlannedDraft{
		planDraft(drafts[0], failed), planDraft(drafts[1], observation{err: errNotRead}), planDraft(drafts[2], observation{err: errNotRead}),
	})
	p.Complete = false
	old := strings.ReplaceAll(string(saved(t, p)), `"action": "not-read"`, `"action": "failed"`)
	old = strings.ReplaceAll(old, `"message": "not read,`, `"kind": "not-read", "message": "not read,`)
	old = mustReplace(t, old, `"failed": 1,`, `"failed": 3`)
	old = mustReplace(t, old, `"not_read": 2`, ``)
	got, err := ReadPlan(mustReseal(t, []byte(old)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := planDifference(p, got); diff != "" {
		t.Error(diff)
	}
	if want := (Summary{Failed: 1, NotRead: 2}); got.Summary != want {
		t.Errorf("%+v", got.Summary)
	}
	miscounted := mustReplace(t, string(saved(t, p)), `"not_read": 2`, `"not_read": 1`)
	if _, err := ReadPlan(mustReseal(t, []byte(miscounted))); err == nil {
		t.Error("a summary that counts one too few is taken")
	}
}

// TestReadPlanOfBeforeDraftsHadDigests: an older notiform left them out, and what it saved is the same plan.
func TestReadPlanOfBeforeDraftsHadDigests(t *testing.T) {
	t.Parallel()
	p := everyAction(t)
	older := mustReplace(t, string(saved(t, p)), `      "digest": "`+p.Drafts[0].Digest+`",
`, "")
	got, err := ReadPlan(mustReseal(t, []byte(older)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := planDifference(p, got); diff != "" {
		t.Error(diff)
	}
}

func mustReplace(t testing.TB, s, old, with string) string {
	t.Helper()
	if !strings.Contains(s, old) {
		t.Fatalf("there is no %s in\n%s", old, s)
	}
	return strings.Replace(s, old, with, 1)
}

func TestReadPlanRefuses(t *testing.T) {
	t.Parallel()
	good := string(saved(t, everyAction(t)))
	for _, row := range []struct {
		why, src, want string
	}{
		{"no bytes", "", "it is no JSON"},
		{"white space", " \n", "it is no JSON"},
		{"a text", "plan", "it is no JSON"},
		{"a draft file", "job_name: a\n", "it is no JSON"},
		{"JSON of another kind", "[]", "it is no plan"},
		{"null", "null", "it has no format_version"},
		{"an object of another kind", `{"notifications":[]}`, "it has no format_version"},
		{"a format_version that is no text", `{"format_version":1.0}`, "it is no plan"},
		{"a result, which has no checksum", `{"format_version":"1.0","digest":"","summary":{"applied":1},"drafts":[]}`, "checksum does not fit"},
		{"a newer major, whatever else it says", `{"format_version":"2.0","drafts":{}}`, `format_version is "2.0", and this notiform reads 1.x`},
		{"an older major", mustReplace(t, good, `"1.0"`, `"0.9"`), `"0.9"`},
		{"a major of two digits", mustReplace(t, good, `"1.0"`, `"10.0"`), `"10.0"`},
		{"half a file", good[:len(good)/2], "it is no JSON"},
		{"all but the last brace", strings.TrimRight(good, "}\n"), "it is no JSON"},
		{"two plans in one file", good + good, "it is no JSON"},
		{"a byte order mark, which no plan begins with", "\ufeff" + good, "it is no JSON"},
		{"a repeated member, of which another reader may take the other", mustReplace(t, good, `"drafts": [`, `"drafts": [], "drafts": [`), "it is no JSON"},
		{"another spelling of the checksum's name", mustReplace(t, good, `"checksum"`, `"Checksum"`), "checksum does not fit"},
		{"no checksum", mustReplace(t, good, `,
  "checksum": "`+checksumIn(t, good)+`"`, ""), "checksum does not fit"},
		{"an empty checksum", mustReplace(t, good, checksumIn(t, good), ""), "checksum does not fit"},
		{"a status that is no number", mustReplace(t, good, `"status": 0`, `"status": "0"`), "it is no plan"},
		{"other data than was saved", mustReplace(t, good, `"job_name": "Job 0"`, `"job_name": "Job 9"`), "edited or damaged"},
		{"another time", mustReplace(t, good, "2025-11-30T", "2025-12-30T"), "edited or damaged"},
		{"another helpdesk", mustReplace(t, good, `"helpdesk_id": "7`, `"helpdesk_id": "8`), "edited or damaged"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, err := ReadPlan([]byte(row.src))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("ReadPlan: %v, want …%s…", err, row.want)
			}
			if fault := NewFault(err); fault.Hint == "" {
				t.Errorf("%v gives no way on", err)
			}
		})
	}
}

// checksumIn is the checksum that a plan file gives.
func checksumIn(t testing.TB, file string) string {
	t.Helper()
	var doc struct{ Checksum string }
	if err := json.Unmarshal([]byte(file), &doc); err != nil || !strings.HasPrefix(doc.Checksum, "sha256:") {
		t.Fatalf("no checksum: %v", err)
	}
	return doc.Checksum
}

// TestReadPlanRefusesContradictions: a plan whose parts do not belong together is refused even
// when its checksum fits, so that what is shown cannot differ from what would be written.
func TestReadPlanRefusesContradictions(t *testing.T) {
	t.Parallel()
	good := string(saved(t, everyAction(t)))
	for _, row := range []struct{ why, old, with, want string }{
		{"another desired state under the old digest", `"job_name": "Job 0",
        "push_type"`, `"job_name": "Evil",
        "push_type"`, "digest"},
		{"another helpdesk under the old digest", `"base_url": "https://open.feishu.cn"`, `"base_url": "https://evil.example"`, "digest"},
		{"another digest", `"digest": "sha256:`, `"digest": "sha256:0`, "digest"},
		{"another digest of a draft", `      "digest": "sha256:`, `      "digest": "sha256:0`, "draft 1: its digest is not that"},
		{"a digest of a draft that nothing is written to", `"action": "no-op",`, `"action": "no-op", "digest": "sha256:0",`, "draft 2: its digest is not that"},
		{"a digest of a draft that cannot be written", `"action": "failed",`, `"action": "failed", "digest": "sha256:0",`, "draft 4: its digest is not that"},
		{"an update that is called blocked", `"action": "update"`, `"action": "blocked"`, `draft 1: its action is "blocked"`},
		{"a no-op that is called an update", `"action": "no-op"`, `"action": "update"`, "draft 2"},
		{"a blocked draft that is called an update", `"action": "blocked"`, `"action": "update"`, "draft 3"},
		{"an unknown action", `"action": "no-op"`, `"action": "recreate"`, "draft 2"},
		{"no action", `"action": "no-op"`, `"action": ""`, "draft 2"},
		{"a status that forbids the update", `"status": 0`, `"status": 3`, "draft 1"},
		{"no status", `"status": 0`, `"status": null`, "draft 1: live, desired or status is missing"},
		{"another live state under the old fingerprint", `"ext": "{\"k\":1.50}"`, `"ext": "{\"k\":2}"`, "live_fingerprint"},
		{"no id", `"notification_id": "` + notificationID(0) + `"`, `"notification_id": ""`, "notification_id is missing"},
		{"one id twice", `"notification_id": "` + notificationID(1) + `"`, `"notification_id": "` + notificationID(0) + `"`, "drafts 1 and 2 are both of notification " + notificationID(0)},
		{"a wrong count", `"update": 1`, `"update": 0`, "summary"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, err := ReadPlan(mustReseal(t, []byte(mustReplace(t, good, row.old, row.with))))
			if err == nil || !strings.Contains(err.Error(), "it contradicts itself") || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("ReadPlan: %v, want …%s…", err, row.want)
			}
		})
	}
}

// TestReadPlanDrawsChangesAnew: what a plan shows follows from what it would write, whatever
// the file claims.
func TestReadPlanDrawsChangesAnew(t *testing.T) {
	t.Parallel()
	p := everyAction(t)
	lying := mustReplace(t, string(saved(t, p)), `"before": "旧`, `"before": "older`)
	got, err := ReadPlan(mustReseal(t, []byte(lying)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := planDifference(p, got); diff != "" {
		t.Error(diff)
	}
}

// TestSavedPlanForgetsTheMachinesZone: package time takes the machine's own zone for an offset
// that fits, and in winter that zone is another offset. It changes time.Local, so it runs alone.
func TestSavedPlanForgetsTheMachinesZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	was := time.Local
	time.Local = berlin
	defer func() { time.Local = was }()

	d := someDrafts(1)[0]
	summer := time.Date(2027, 7, 1, 9, 0, 0, 0, time.FixedZone("", 2*60*60))
	d.SendAt.Value = summer
	live := wireOf(stored(d))
	live.SendAt = milliseconds(summer.AddDate(0, 6, 0))
	p := newPlan(helpdesk(), []PlannedDraft{planDraft(d, observation{detail: feishu.NotificationDetail{Notification: live}})})
	got, err := ReadPlan(saved(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if diff := planDifference(p, got); diff != "" {
		t.Error(diff)
	}
}

// smallPlan has little of everything that a plan file can hold, since it is read once for every
// byte of it.
func smallPlan(t testing.TB) Plan {
	t.Helper()
	d := someDrafts(1)[0]
	d.JobName, d.PushContent, d.ChatList = "新", card(`{"n":1.0}`), nil
	live := wireOf(stored(d))
	live.JobName, live.UserList, live.UpdatedAt.Value = "旧", live.UserList[:1], "1764496800000"
	p := newPlan(helpdesk(), []PlannedDraft{
		planDraft(d, observation{detail: feishu.NotificationDetail{Notification: live}}),
		planDraft(d, observation{err: &feishu.Error{Op: "get notification", HTTPStatus: 502, Msg: "?"}}),
	})
	p.ToolVersion, p.Base = "v1", "0a0a"
	p.LabelOrigins(map[string]spec.Draft{d.NotificationID: d})
	if diff := cmp.Diff([]Action{Update, Failed}, actions(p)); diff != "" {
		t.Fatal(diff)
	}
	return p
}

// TestEveryByteOfAPlanFileCounts changes a plan file at every place: it is refused, or what is
// read is what was saved.
func TestEveryByteOfAPlanFileCounts(t *testing.T) {
	t.Parallel()
	p := smallPlan(t)
	data := saved(t, p)
	flips := rand.New(rand.NewPCG(1, 2))
	for i, was := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1 << flips.IntN(6)
		if got, err := ReadPlan(changed); err == nil {
			if diff := planDifference(p, got); diff != "" || !got.CreatedAt.Equal(made()) {
				t.Errorf("byte %d, %q for %q, is taken for another plan:\n%s", i, changed[i], was, diff)
			}
		}
	}
}

// TestEveryValueOfAPlanFileCounts puts something else for every value of a plan file, and takes
// every member away. As it is, none of that is taken; with a fitting checksum it may be a plan,
// but then it is one that can be saved, and shows what it would write.
func TestEveryValueOfAPlanFileCounts(t *testing.T) {
	t.Parallel()
	p := smallPlan(t)
	data := saved(t, p)
	for _, with := range []string{`null`, `"x"`, `[{}]`, "delete"} {
		t.Run(with, func(t *testing.T) {
			t.Parallel()
			places := 0
			for changed := range eachValueReplaced(t, data, with) {
				places++
				if got, err := ReadPlan(changed); err == nil {
					if diff := planDifference(p, got); diff != "" {
						t.Fatalf("that is taken for another plan:\n%s\n%s", diff, changed)
					}
				}
				if sealed, err := resealed(changed); err == nil {
					sound(t, sealed)
				}
			}
			if places < 60 {
				t.Errorf("only %d values were replaced", places)
			}
		})
	}
}

// sound wants a plan that is taken to be saved as what it is.
func sound(t testing.TB, src []byte) {
	t.Helper()
	got, err := ReadPlan(src)
	if err != nil {
		return
	}
	again, err := got.Save(got.CreatedAt)
	if err != nil {
		t.Fatalf("a plan is taken that cannot be saved: %v\n%s", err, src)
	}
	twice, err := ReadPlan(again)
	if err != nil {
		t.Fatalf("a plan is taken once and not again: %v\n%s\n%s", err, src, again)
	}
	if diff := planDifference(got, twice); diff != "" {
		t.Fatalf("saved and read again, it is another plan:\n%s\n%s", diff, src)
	}
	for _, d := range got.Drafts {
		if d.Action == Failed {
			continue
		}
		if differs := d.Live == nil || !diff.Equal(*d.Live, *d.Desired); d.Action != Create && d.Action != action(d.Changes, *d.Status) || differs != (len(d.Changes) > 0) {
			t.Fatalf("%s with %d changes: that is not what would be written\n%s", d.Action, len(d.Changes), src)
		}
	}
}

// eachValueReplaced yields the document with one value replaced, for each value in it in turn.
func eachValueReplaced(t testing.TB, document []byte, with string) func(yield func([]byte) bool) {
	t.Helper()
	var root any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(&root); err != nil {
		t.Fatal(err)
	}
	return func(yield func([]byte) bool) {
		replaceEach(root, with, func() bool {
			changed, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			return yield(changed)
		})
	}
}

// replaceEach calls show once for each value below v, with that value replaced in v.
func replaceEach(v any, with string, show func() bool) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			was := v[name]
			if v[name] = json.RawMessage(with); with == "delete" {
				delete(v, name)
			}
			more := show()
			if v[name] = was; !more || !replaceEach(was, with, show) {
				return false
			}
		}
	case []any:
		for i, was := range v {
			if v[i] = json.RawMessage(with); with == "delete" {
				v[i] = json.RawMessage("null")
			}
			more := show()
			if v[i] = was; !more || !replaceEach(was, with, show) {
				return false
			}
		}
	}
	return true
}

// FuzzReadPlan looks for bytes that are taken and were not saved, and for plans that fit their
// checksum and cannot be trusted for all that.
func FuzzReadPlan(f *testing.F) {
	known := map[string]Plan{} // by checksum
	seed := func(p Plan) {
		data := saved(f, p)
		known[checksumIn(f, string(data))] = p
		f.Add(data)
	}
	seed(everyAction(f))
	seed(smallPlan(f))
	seed(newPlan(helpdesk(), nil))
	drawn := rapid.Custom(drawSaved)
	for i := range 20 {
		seed(drawn.Example(i))
	}
	if len(known) < 10 {
		f.Fatalf("only %d seeds", len(known))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if got, err := ReadPlan(src); err == nil {
			p, ok := known[checksumIn(t, string(src))]
			if diff := planDifference(p, got); !ok || diff != "" {
				t.Fatalf("a plan is taken that was not saved:\n%s\n%s", src, diff)
			}
		}
		if sealed, err := resealed(src); err == nil {
			sound(t, sealed)
		}
	})
}

// TestSavedPlanHoldsNoSecret: a plan is made without ever seeing one, so this only fails when
// somebody hands the settings over.
func TestSavedPlanHoldsNoSecret(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(2)
	desk := overLoopback(t, sandbox.Options{}).holds(t, drafts[:1], nil) // the other one fails
	data := string(saved(t, desk.plan(t, drafts, Options{Parallelism: 2})))
	header := base64.StdEncoding.EncodeToString([]byte(sandbox.DefaultHelpdeskID + ":" + sandbox.DefaultHelpdeskToken))
	for _, secret := range []string{sandbox.DefaultHelpdeskToken, sandbox.DefaultUserToken, header} {
		if strings.Contains(data, secret) {
			t.Errorf("the plan file holds %q", secret)
		}
	}
	if !strings.Contains(data, `"failed": 1`) {
		t.Errorf("no draft failed in\n%s", data)
	}
}
