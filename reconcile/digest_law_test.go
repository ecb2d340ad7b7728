package reconcile

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"notiform/feishu"
	"notiform/feishu/sandbox"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// onboardingDraft is a draft with something in every field, all of it in effect.
func onboardingDraft() spec.Draft {
	d := someDrafts(1)[0]
	d.PushType, d.PushScopeType, d.NewStaffScopeType = spec.NewStaff, spec.NewStaffScope, spec.NewStaffDepartments
	d.NewStaffScopeDepartmentList, d.DepartmentList = []spec.Target{{ID: "od-a"}}, []spec.Target{{ID: "od-b"}}
	d.Ext = spec.Owned[string]{Value: "{}", Given: true}
	return d
}

// TestDigestCoversEveryField fails when a field that would be written is not in the digest.
func TestDigestCoversEveryField(t *testing.T) {
	t.Parallel()
	d := onboardingDraft()
	live := stored(d)
	live.JobName = "Old"
	base := planned(helpdesk(), []spec.Draft{d}, []sandbox.Notification{live}).Drafts[0]
	for _, f := range reflect.VisibleFields(reflect.TypeFor[diff.State]()) {
		for _, side := range []string{"live", "desired"} {
			live, desired := *base.Live, *base.Desired
			edited := map[string]*diff.State{"live": &live, "desired": &desired}[side]
			field := reflect.ValueOf(edited).Elem().FieldByIndex(f.Index)
			if field.IsZero() {
				t.Fatalf("%s of the %s side is empty, so taking it away shows nothing", f.Name, side)
			}
			field.SetZero()
			changed := base
			changed.Live, changed.Desired = &live, &desired
			if newPlan(helpdesk(), []PlannedDraft{changed}).Digest == newPlan(helpdesk(), []PlannedDraft{base}).Digest {
				t.Errorf("%s of the %s side is not in the digest", f.Name, side)
			}
		}
	}
}

// TestDigestIsTheSameHoweverItIsMade: the same drafts on the same server are the same digest at
// any parallelism and in any order, and then the plans are the same as well.
func TestDigestIsTheSameHoweverItIsMade(t *testing.T) {
	t.Parallel()
	drafts := someDrafts(100)
	desk := inProcess(t, sandbox.Options{Limits: sandbox.Unlimited()}, feishu.Options{ReadRate: feishu.NoLimit}).
		holds(t, drafts, func(i int, n *sandbox.Notification) {
			if i%3 > 0 {
				n.JobName = fmt.Sprintf("Old %d", i)
			}
		})
	want := desk.plan(t, drafts, Options{})
	if want.Summary != (Summary{Update: 66, NoOp: 34}) {
		t.Fatalf("%+v", want.Summary)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, parallelism := range []int{2, 7, 64} {
		got := desk.plan(t, drafts, Options{Parallelism: parallelism})
		if diff := planDifference(want, got); diff != "" {
			t.Errorf("at parallelism %d:\n%s", parallelism, diff)
		}
		shuffled := slices.Clone(drafts)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got = desk.plan(t, shuffled, Options{Parallelism: parallelism})
		if got.Digest != want.Digest {
			t.Errorf("in another order, %s became %s", want.Digest, got.Digest)
		}
		slices.SortFunc(got.Drafts, func(a, b PlannedDraft) int { return strings.Compare(a.File, b.File) })
		if diff := planDifference(want, got); diff != "" {
			t.Errorf("in another order:\n%s", diff)
		}
	}
	want.ToolVersion, want.Base, want.ExitCode = "v9", "0a0a", 2
	want.LabelOrigins(map[string]spec.Draft{drafts[1].NotificationID: drafts[1]})
	if got, err := ReadPlan(saved(t, want)); err != nil || got.Digest != want.Digest {
		t.Errorf("with a base and another version, %s became %s (%v)", want.Digest, got.Digest, err)
	}
}
