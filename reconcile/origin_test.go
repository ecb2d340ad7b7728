package reconcile

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// origins are the changes of an update, each as "field path: origin", judged by a base.
func origins(base, d spec.Draft, live feishu.Notification) []string {
	p := newPlan(helpdesk(), []PlannedDraft{planDraft(d, observation{detail: feishu.NotificationDetail{Notification: live}})})
	p.LabelOrigins(map[string]spec.Draft{d.NotificationID: base})
	var out []string
	for _, c := range p.Drafts[0].Changes {
		at := c.Field
		if _, ok := c.Member(); ok {
			at += " " + c.Path
		}
		if line := fmt.Sprintf("%s: %s", at, c.Origin); len(out) == 0 || out[len(out)-1] != line {
			out = append(out, line) // a card is one fact, however many places of it differ
		}
	}
	return out
}

// TestOriginOfOneValue is the whole table of three versions of a field that has one value: which
// of them are equal decides, and nothing else.
func TestOriginOfOneValue(t *testing.T) {
	t.Parallel()
	table := []struct {
		base, live, desired int // which of three values, 0 being absence where there is one
		want                diff.Origin
	}{
		{1, 1, 1, ""}, {2, 1, 1, ""}, {0, 1, 1, ""}, {1, 0, 0, ""},
		{1, 1, 2, diff.FromRepo}, {1, 2, 1, diff.FromConsole}, {3, 2, 1, diff.Conflict},
		{0, 0, 1, diff.FromRepo}, {0, 1, 0, diff.FromConsole}, {0, 1, 2, diff.Conflict},
		{1, 1, 0, diff.FromRepo}, {1, 0, 1, diff.FromConsole}, {1, 0, 2, diff.Conflict}, {1, 2, 0, diff.Conflict},
	}
	for _, field := range []struct {
		name string
		zero bool // the file can give it and have none
		set  func(d *spec.Draft, value int)
	}{
		{"job_name", false, func(d *spec.Draft, v int) { d.JobName = []string{"", "a", "b", "c"}[v] }},
		{"push_scope_type", false, func(d *spec.Draft, v int) { d.PushScopeType = spec.PushScopeType(v) }},
		{"push_type", false, func(d *spec.Draft, v int) { d.PushType = spec.PushType(v) }},
		{"new_staff_scope_type", true, func(d *spec.Draft, v int) {
			d.PushType, d.NewStaffScopeType = spec.NewStaff, spec.NewStaffScopeType(v)
		}},
		{"send_at", true, func(d *spec.Draft, v int) {
			d.SendAt = spec.Owned[time.Time]{Given: true}
			if v > 0 {
				d.SendAt.Value = moments()[1].Add(time.Duration(v) * time.Hour)
			}
		}},
		{"push_content", false, func(d *spec.Draft, v int) {
			d.PushContent = card([]string{``, `{"a":1,"b":1}`, `{"a":2,"b":1}`, `{"a":1,"b":2,"c":[]}`}[max(v, 1)])
		}},
		{"ext", true, func(d *spec.Draft, v int) {
			d.Ext = spec.Owned[string]{Value: []string{"", `{"a":[1]}`, "text", `{"a":[1,2]}`}[v], Given: true}
		}},
	} {
		for _, row := range table {
			if !field.zero && row.base*row.live*row.desired == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s base %d live %d file %d", field.name, row.base, row.live, row.desired), func(t *testing.T) {
				t.Parallel()
				version := func(v int) spec.Draft {
					d := someDrafts(1)[0]
					field.set(&d, v)
					return d
				}
				var want []string
				if row.want != "" {
					want = []string{field.name + ": " + string(row.want)}
				}
				if diff := cmp.Diff(want, origins(version(row.base), version(row.desired), wireOf(stored(version(row.live))))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// TestOriginOfOneMember is the whole table of three versions of a list in which one member is or
// is not. Two can only move to the same, so there is no conflict.
func TestOriginOfOneMember(t *testing.T) {
	t.Parallel()
	for _, list := range []struct {
		name string
		of   func(*spec.Draft) *[]spec.Target
	}{
		{"user_list", func(d *spec.Draft) *[]spec.Target { return &d.UserList }},
		{"department_list", func(d *spec.Draft) *[]spec.Target { return &d.DepartmentList }},
		{"chat_list", func(d *spec.Draft) *[]spec.Target { return &d.ChatList }},
		{"new_staff_scope_department_list", func(d *spec.Draft) *[]spec.Target { return &d.NewStaffScopeDepartmentList }},
	} {
		for combination := range 8 {
			inBase, inLive, inFile := combination&1 > 0, combination&2 > 0, combination&4 > 0
			version := func(in bool) spec.Draft {
				d := onboardingDraft()
				if in {
					*list.of(&d) = append([]spec.Target{{ID: "x", Name: "甲"}}, *list.of(&d)...)
				}
				return d
			}
			var want []string
			switch {
			case inLive == inFile:
			case inBase == inLive:
				want = []string{list.name + " x: repo"}
			default:
				want = []string{list.name + " x: console"}
			}
			got := origins(version(inBase), version(inFile), wireOf(stored(version(inLive))))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: in base %v, live %v, file %v:\n%s", list.name, inBase, inLive, inFile, diff)
			}
		}
	}
}

// TestOriginWhereTheFileLeavesItToTheServer: what a version of the file did not give, nobody
// moved there; taking it over is the file's move.
func TestOriginWhereTheFileLeavesItToTheServer(t *testing.T) {
	t.Parallel()
	const ms = "1735700000000"
	given := func(v string) spec.Owned[string] { return spec.Owned[string]{Value: v, Given: true} }
	at := func(i int) spec.Owned[time.Time] { return spec.Owned[time.Time]{Value: moments()[i], Given: true} }
	for _, row := range []struct {
		why                string
		baseSend, fileSend spec.Owned[time.Time]
		baseExt, fileExt   spec.Owned[string]
		liveSend, liveExt  string
		want               []string
	}{
		{why: "never given: whatever is there stays", liveSend: ms, liveExt: "x"},
		{why: "no longer given: whatever is there stays", baseSend: at(2), baseExt: given("y"), liveSend: ms, liveExt: "x"},
		{why: "newly given", fileSend: at(2), fileExt: given("y"), liveSend: ms, liveExt: "x", want: []string{"send_at: repo", "ext: repo"}},
		{why: "newly cleared", fileSend: at(0), fileExt: given(""), liveSend: ms, liveExt: "x", want: []string{"send_at: repo", "ext: repo"}},
		{why: "newly given, as it is", fileSend: at(1), fileExt: given("x"), liveSend: ms, liveExt: "x"},
		{why: "given and moved at the console", baseSend: at(2), fileSend: at(2), baseExt: given("y"), fileExt: given("y"), liveSend: ms, liveExt: "x", want: []string{"send_at: console", "ext: console"}},
		{why: "cleared, and given at the console", baseSend: at(0), fileSend: at(0), baseExt: given(""), fileExt: given(""), liveSend: ms, liveExt: "x", want: []string{"send_at: console", "ext: console"}},
		{why: "moved on both sides", baseSend: at(0), fileSend: at(2), baseExt: given(""), fileExt: given("y"), liveSend: ms, liveExt: "x", want: []string{"send_at: conflict", "ext: conflict"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			base, d := someDrafts(1)[0], someDrafts(1)[0]
			base.SendAt, base.Ext, d.SendAt, d.Ext = row.baseSend, row.baseExt, row.fileSend, row.fileExt
			live := wireOf(stored(d))
			live.SendAt, live.Ext = row.liveSend, row.liveExt
			if diff := cmp.Diff(row.want, origins(base, d, live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOriginOfWhatIsNotInEffect: with push_type scheduled the new_staff_* fields say nothing, on
// any of the three sides.
func TestOriginOfWhatIsNotInEffect(t *testing.T) {
	t.Parallel()
	departments := func(ids ...string) func(*spec.Draft) {
		return func(d *spec.Draft) {
			d.PushType, d.PushScopeType, d.NewStaffScopeType = spec.NewStaff, spec.ChatsOnly, spec.NewStaffDepartments
			d.UserList, d.NewStaffScopeDepartmentList = nil, nil
			for _, id := range ids {
				d.NewStaffScopeDepartmentList = append(d.NewStaffScopeDepartmentList, spec.Target{ID: id})
			}
		}
	}
	scheduled := func(left ...string) func(*spec.Draft) { // with what an earlier onboarding left behind
		return func(d *spec.Draft) {
			departments(left...)(d)
			d.PushType = spec.Scheduled
		}
	}
	for _, row := range []struct {
		why              string
		base, live, file func(*spec.Draft)
		want             []string
	}{
		{"the file turns to new staff, over what the server still holds", scheduled(), scheduled("od-old"), departments("od-new"), []string{
			"push_type: repo", "new_staff_scope_department_list od-new: repo", "new_staff_scope_department_list od-old: repo",
		}},
		{"the console turned to new staff", scheduled(), departments("od-a"), scheduled(), []string{"push_type: console"}},
		{"both turned to new staff, each to its own departments", scheduled(), departments("od-a"), departments("od-b"), []string{
			"new_staff_scope_department_list od-a: console", "new_staff_scope_department_list od-b: repo",
		}},
		{"the console turned to scheduled, and kept the list", departments("od-a"), scheduled("od-a"), departments("od-a"), []string{"push_type: console"}},
		{"the console turned to scheduled, and the server dropped the list", departments("od-a"), scheduled(), departments("od-a"), []string{
			"push_type: console", "new_staff_scope_department_list od-a: console",
		}},
		{"the console turned to scheduled, and the file moved on", departments("od-a"), scheduled("od-a"), departments("od-b"), []string{
			"push_type: console", "new_staff_scope_department_list od-a: repo", "new_staff_scope_department_list od-b: repo",
		}},
		{"the file turns to scheduled, over a list that the console moved", departments("od-a"), departments("od-b"), scheduled("od-a"), []string{"push_type: repo"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			versions := make([]spec.Draft, 3)
			for i, edit := range []func(*spec.Draft){row.base, row.live, row.file} {
				versions[i] = someDrafts(1)[0]
				edit(&versions[i])
			}
			live := wireOf(stored(versions[1]))
			if diff := cmp.Diff(row.want, origins(versions[0], versions[2], live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOriginBesideEachOther: facts of one draft are told apart.
func TestOriginBesideEachOther(t *testing.T) {
	t.Parallel()
	base := someDrafts(1)[0]
	file, live := base, wireOf(stored(base))
	file.JobName, file.UserList = "Ours", []spec.Target{{ID: "ou_a"}, {ID: "ou_b"}, {ID: "ou_ours"}}
	file.PushContent, live.PushContent = card(`{"elements":[],"n":1.0}`), `{"elements":[{"tag":"hr"}],"n":1.0}`
	live.SendAt, live.UserList = "", append(live.UserList[1:], feishu.NotificationUser{UserID: "ou_theirs"})
	want := []string{"job_name: repo", "user_list ou_a: console", "user_list ou_ours: repo", "user_list ou_theirs: console", "send_at: console", "push_content: conflict"}
	if diff := cmp.Diff(want, origins(base, file, live)); diff != "" {
		t.Error(diff)
	}
}

// TestOriginOfAnotherKindOfIDs: a base that names people by another kind of id cannot tell who
// added or removed whom, and must not say that nobody at the console did.
func TestOriginOfAnotherKindOfIDs(t *testing.T) {
	t.Parallel()
	base := someDrafts(1)[0]
	base.UserIDType, base.UserList, base.ChatList = spec.UnionID, []spec.Target{{ID: "on_a"}, {ID: "on_b"}}, nil
	file, live := someDrafts(1)[0], wireOf(stored(someDrafts(1)[0]))
	live.UserList = []feishu.NotificationUser{{UserID: "ou_a"}, {UserID: "ou_c"}}
	live.ChatList = nil
	want := []string{"user_list ou_b: conflict", "user_list ou_c: conflict", "chat_list oc_a: repo"}
	if diff := cmp.Diff(want, origins(base, file, live)); diff != "" {
		t.Error(diff)
	}
}

// TestOriginOfADraftThatIsNew: without a base there is nothing to tell by, and a plan without
// one has no labels at all.
func TestOriginOfADraftThatIsNew(t *testing.T) {
	t.Parallel()
	p := everyAction(t)
	for i := range p.Drafts[0].Changes {
		p.Drafts[0].Changes[i].Origin = ""
	}
	for _, base := range []map[string]spec.Draft{nil, {}, {notificationID(99): someDrafts(1)[0]}} {
		p.LabelOrigins(base)
		for _, d := range p.Drafts {
			for _, c := range d.Changes {
				if c.Origin != "" {
					t.Errorf("%s of %s is %s", c.Field, d.NotificationID, c.Origin)
				}
			}
		}
	}
	if n := p.ConsoleEdits(); n != 0 {
		t.Errorf("%d console edits", n)
	}
}

// TestConsoleEditsAreWhatApplyWouldOverwrite: a draft counts once, and only if it is written.
func TestConsoleEditsAreWhatApplyWouldOverwrite(t *testing.T) {
	t.Parallel()
	base := someDrafts(4)
	files, live := someDrafts(4), make([]feishu.Notification, 4)
	for i, d := range base {
		live[i] = wireOf(stored(d))
	}
	files[0].JobName = "Ours"                            // repo
	live[1].JobName, live[1].SendAt = "Theirs", ""       // console, twice
	files[2].JobName, live[2].JobName = "Ours", "Theirs" // conflict
	live[3].JobName, live[3].Status = "Theirs", 2        // console, but blocked
	var drafts []PlannedDraft
	bases := map[string]spec.Draft{}
	for i, d := range files {
		drafts = append(drafts, planDraft(d, observation{detail: feishu.NotificationDetail{Notification: live[i]}}))
		bases[d.NotificationID] = base[i]
	}
	p := newPlan(helpdesk(), drafts)
	p.LabelOrigins(bases)
	if n := p.ConsoleEdits(); n != 2 {
		t.Errorf("%d console edits, want 2:\n%s", n, asJSON(t, p))
	}
}

// TestOriginLaws: every change of a draft that the base had is labelled; what the console left
// alone is never called its edit, and the other way round.
func TestOriginLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, file, console := drawDraft(t, notificationID(1)), drawDraft(t, notificationID(1)), drawDraft(t, notificationID(1))
		each := func(file, live spec.Draft, want ...diff.Origin) {
			p := newPlan(helpdesk(), []PlannedDraft{planDraft(file, observation{detail: feishu.NotificationDetail{Notification: wireOf(stored(live))}})})
			p.LabelOrigins(map[string]spec.Draft{base.NotificationID: base})
			for _, c := range p.Drafts[0].Changes {
				known := false
				for _, o := range want {
					known = known || c.Origin == o
				}
				if !known {
					t.Fatalf("%s is %q, want %q\nbase %v\nlive %v\nfile %v", line(c), c.Origin, want, base, live, file)
				}
			}
		}
		each(file, console, diff.FromRepo, diff.FromConsole, diff.Conflict)
		each(file, base, diff.FromRepo)
		each(base, console, diff.FromConsole)
	})
}
