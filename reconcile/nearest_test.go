package reconcile

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notiform/feishu"
	"notiform/reconcile/diff"
	"notiform/spec"
)

// nearest is the plan of one draft, labelled by its versions, oldest first. before are those that there
// were when the change that is planned was begun.
func nearest(file spec.Draft, live feishu.Notification, versions []spec.Draft, untold string, before ...spec.Draft) PlannedDraft {
	p := newPlan(helpdesk(), []PlannedDraft{planDraft(file, observation{detail: feishu.NotificationDetail{Notification: live}})})
	n := p.Nearest()
	for i, v := range versions {
		n.Offer(commitOf(i), len(versions)-i, v)
	}
	for _, was := range before {
		n.Before("before", map[string]spec.Draft{was.NotificationID: was})
	}
	n.Label(map[string]string{file.NotificationID: untold})
	return p.Drafts[0]
}

func commitOf(version int) string { return string(rune('a' + version)) }

func named(names ...string) []spec.Draft {
	var all []spec.Draft
	for _, name := range names {
		d := someDrafts(1)[0]
		d.JobName = name
		all = append(all, d)
	}
	return all
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why      string
		file     string
		versions []string
		live     string
		userGone bool // from the live list
		untold   string
		before   string // the change; "" is no change, or a new draft
		commit   string
		distance int
		origin   diff.Origin
		said     string
	}{
		{why: "an apply that failed", file: "C", versions: []string{"A", "B"}, live: "A", commit: "a", origin: diff.FromRepo},
		{why: "of equals the newest", file: "C", versions: []string{"A", "B", "A"}, live: "A", commit: "c", origin: diff.FromRepo},
		{why: "an edit at the console", file: "B", versions: []string{"A", "B"}, live: "X", commit: "b", distance: 1, origin: diff.FromConsole},
		{why: "an edit on both sides", file: "C", versions: []string{"A", "B"}, live: "X", commit: "b", distance: 1, origin: diff.Conflict},
		{why: "an edit beside a change that is not applied", file: "B", versions: []string{"A", "B"}, live: "A", userGone: true, commit: "a", distance: 1, origin: diff.FromRepo},
		{why: "new", file: "C", live: "X"},
		{why: "cut off before the live state", file: "C", versions: []string{"A"}, live: "X", untold: "cut", said: "cut"},
		{why: "cut off behind the live state", file: "C", versions: []string{"A"}, live: "A", untold: "cut", commit: "a", origin: diff.FromRepo},
		{why: "nothing is told", file: "C", live: "A", untold: "untracked", said: "untracked"},
		{why: "a change of what was edited", file: "C", versions: []string{"A", "B", "C"}, live: "X", before: "B", commit: "before", distance: 1, origin: diff.Conflict},
		{why: "an edit beside a change", file: "B", versions: []string{"A", "B"}, live: "A", userGone: true, before: "A", commit: "a", distance: 1, origin: diff.FromRepo},
		{why: "an edit back to what was before the change", file: "C", versions: []string{"A", "B", "C"}, live: "A", before: "B", commit: "a", origin: diff.FromRepo},
		{why: "a change that is applied, and edited after", file: "B", versions: []string{"A", "B"}, live: "B", userGone: true, before: "A", commit: "b", distance: 1, origin: diff.FromConsole},
		{why: "no difference", file: "A", live: "A", untold: "untracked"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			live := wireOf(stored(named(row.live)[0]))
			if row.userGone {
				live.UserList = live.UserList[1:]
			}
			d := nearest(named(row.file)[0], live, named(row.versions...), row.untold, named(strings.Fields(row.before)...)...)
			var origin diff.Origin
			if len(d.Changes) > 0 {
				origin = d.Changes[0].Origin
			}
			if d.OriginCommit != row.commit || d.OriginDistance != row.distance || origin != row.origin || d.BaseUntold != row.said {
				t.Errorf("%q %d %q %q: %+v", d.OriginCommit, d.OriginDistance, origin, d.BaseUntold, d.Changes)
			}
		})
	}
}

// TestHistoryLaws runs random histories of commits, applies and edits at the console. A live value that
// no commit had is never repo; a live state that is a version is never console or conflict; and where
// console edits are refused none is overwritten but one back to what some commit had.
func TestHistoryLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() spec.Draft {
			d := drawDraft(t, notificationID(1))
			d.UserIDType = spec.OpenID
			return d
		}
		versions := []spec.Draft{draw()}
		live := wireOf(stored(versions[0]))
		for range rapid.IntRange(1, 8).Draw(t, "days") {
			switch rapid.SampledFrom([]string{"commit", "edit", "edit a field", "edit back", "apply"}).Draw(t, "act") {
			case "commit":
				versions = append(versions, draw())
			case "edit":
				live = wireOf(stored(draw()))
			case "edit a field":
				live.JobName = "by hand " + drawText(t)
			case "edit back":
				live = wireOf(stored(rapid.SampledFrom(versions).Draw(t, "back to")))
			case "apply":
				file := versions[len(versions)-1]
				d := nearest(file, live, versions, "")
				if holdHistoryLaws(t, d, versions) {
					if strings.HasPrefix(live.JobName, "by hand ") {
						t.Fatalf("%q is overwritten", live.JobName)
					}
					live = wireOf(stored(file))
				}
			}
		}
		holdHistoryLaws(t, nearest(versions[len(versions)-1], live, versions, ""), versions)
	})
}

// holdHistoryLaws faults labels, and reports whether the guard lets the draft pass.
func holdHistoryLaws(t *rapid.T, d PlannedDraft, versions []spec.Draft) (passes bool) {
	equal := false
	for _, v := range versions {
		equal = equal || diff.Distance(*d.Live, desired(v, *d.Live)) == 0
	}
	if len(d.Changes) > 0 && equal != (d.OriginDistance == 0) {
		t.Fatalf("equal to a version is %v, and the distance %d", equal, d.OriginDistance)
	}
	passes = true
	for _, c := range d.Changes {
		passes = passes && !c.Overwrites()
		had, compared := false, false // some version, and the one that it was compared with, had what is live
		for i, v := range versions {
			changes := []diff.Change{c}
			diff.Label(changes, *d.Live, *d.Desired, desired(v, *d.Live), true)
			has := changes[0].Origin == diff.FromRepo
			had, compared = had || has, compared || has && d.OriginCommit == commitOf(i)
		}
		switch {
		case compared && c.Overwrites():
			t.Fatalf("%s is %s, and the version that it was compared with has it", line(c), c.Origin)
		case c.Origin == "":
			t.Fatalf("%s has no label", line(c))
		case c.Origin == diff.FromRepo && !had:
			t.Fatalf("%s is repo, and no commit had it", line(c))
		case equal && c.Overwrites():
			t.Fatalf("%s is %s, and the live state is a version", line(c), c.Origin)
		}
	}
	return passes
}
