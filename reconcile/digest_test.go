package reconcile

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/spec"
)

// planned plans drafts against what a server holds, without one.
func planned(h Helpdesk, drafts []spec.Draft, live []sandbox.Notification) Plan {
	out := make([]PlannedDraft, len(drafts))
	for i, d := range drafts {
		out[i] = planDraft(d, observation{detail: feishu.NotificationDetail{Notification: wireOf(live[i])}})
	}
	return newPlan(h, out)
}

// scene is what a digest is made from: four drafts of which the first two will be written.
func scene() ([]spec.Draft, []sandbox.Notification) {
	drafts := someDrafts(4)
	var live []sandbox.Notification
	for i, d := range drafts {
		live = append(live, stored(d))
		live[i].Ext = `{"a":1,"b":2}`
	}
	live[0].JobName, live[1].ChatList = "Old", nil
	live[3].JobName, live[3].Status = "Old", 4
	return drafts, live
}

// TestDigestCoversWhatWouldBeWritten and what it was compared with, and nothing else.
func TestDigestCoversWhatWouldBeWritten(t *testing.T) {
	t.Parallel()
	type edit func(*Helpdesk, []spec.Draft, []sandbox.Notification)
	for _, row := range []struct {
		why     string
		edit    edit
		matters bool
	}{
		{"another wanted text", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[0].JobName = "Other" }, true},
		{"another wanted member", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) {
			d[1].UserList = append(d[1].UserList, spec.Target{ID: "ou_z"})
		}, true},
		{"another card", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[0].PushContent = card("{}") }, true},
		{"a time given", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[0].SendAt.Value = moments()[1] }, true},
		{"another live text where something is written", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) { n[0].JobName = "Older" }, true},
		{"a live ext that is carried over", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) { n[1].Ext = "{}" }, true},
		{"another notification", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) {
			d[1].NotificationID = "7000000000000000099"
		}, true},
		{"ids of another kind", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[1].UserIDType = spec.UserID }, true},
		{"another server", func(t *Helpdesk, _ []spec.Draft, _ []sandbox.Notification) { t.BaseURL = "https://open.larksuite.com" }, true},
		{"another helpdesk", func(t *Helpdesk, _ []spec.Draft, _ []sandbox.Notification) { t.HelpdeskID = "7" }, true},
		{"one more to write", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[2].JobName = "New" }, true},
		{"one less to write", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[0].JobName = "Old" }, true},
		{"one that left draft", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) { n[0].Status = 1 }, true},

		{"paths and lines", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) {
			d[0].Pos = spec.Pos{File: "moved.yaml", Line: 9}
		}, false},
		{"the order of drafts", func(_ *Helpdesk, d []spec.Draft, n []sandbox.Notification) { slices.Reverse(d); slices.Reverse(n) }, false},
		{"the order of lists", func(_ *Helpdesk, d []spec.Draft, n []sandbox.Notification) {
			slices.Reverse(d[0].UserList)
			slices.Reverse(n[1].UserList)
		}, false},
		{"names in the file", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) { d[0].UserList[0].Name = "李四" }, false},
		{"names on the server", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) { n[0].UserList[0].Name = "李四" }, false},
		{"the form of a live card", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) {
			n[0].PushContent = "  " + strings.ReplaceAll(n[0].PushContent, ":", " : ")
		}, false},
		{"the form of ext", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) { n[0].Ext = ` {"b": 2, "a": 1}` }, false},
		{"a draft that is not written", func(_ *Helpdesk, d []spec.Draft, n []sandbox.Notification) {
			d[2].JobName, n[2].JobName, d[3].JobName = "Same", "Same", "Blocked"
		}, false},
		{"what nobody compares", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) {
			n[0].TargetUserCount, n[0].UpdatedAt, n[0].CreateUser.Name = 1, "1735700000000", "x"
		}, false},
		{"live new_staff_* that are not in effect", func(_ *Helpdesk, _ []spec.Draft, n []sandbox.Notification) {
			n[0].NewStaffScopeType, n[0].NewStaffScopeDepartmentList = new(int), []sandbox.Department{{DepartmentID: "od-a"}}
		}, false},
		{"wanted new_staff_* that are not in effect", func(_ *Helpdesk, d []spec.Draft, _ []sandbox.Notification) {
			d[0].NewStaffScopeDepartmentList = []spec.Target{{ID: "od-a"}}
		}, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			at := helpdesk()
			drafts, live := scene()
			before := planned(at, drafts, live)
			row.edit(&at, drafts, live)
			after := planned(at, drafts, live)
			if got := before.Digest != after.Digest; got != row.matters {
				t.Errorf("the digest changes: %v, want %v", got, row.matters)
			}
			if !strings.HasPrefix(after.Digest, "sha256:") || len(after.Digest) != len("sha256:")+64 {
				t.Errorf("digest %q", after.Digest)
			}
		})
	}
}

// TestDigestOfNothing: a plan that would write nothing still says where.
func TestDigestOfNothing(t *testing.T) {
	t.Parallel()
	here, there := helpdesk(), helpdesk()
	there.HelpdeskID = "7"
	if planned(here, nil, nil).Digest == planned(there, nil, nil).Digest {
		t.Error("two helpdesks, one digest")
	}
}

// TestDigestOfADraft is that of a plan which has only this update, and no other draft has one.
func TestDigestOfADraft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var drafts []PlannedDraft
		for i := range rapid.IntRange(1, 6).Draw(t, "drafts") {
			d := drawDraft(t, notificationID(i))
			drafts = append(drafts, planDraft(d, drawObservation(t, d)))
		}
		for _, d := range newPlan(helpdesk(), drafts).Drafts {
			alone := newPlan(helpdesk(), []PlannedDraft{d})
			switch {
			case d.Action == Update && d.Digest != alone.Digest:
				t.Fatalf("the digest of %s is %s, and that of its plan %s", d.NotificationID, d.Digest, alone.Digest)
			case d.Action != Update && d.Digest != "":
				t.Fatalf("%s is %s and has the digest %s", d.NotificationID, d.Action, d.Digest)
			}
		}
	})
}
