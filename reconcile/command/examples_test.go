package command_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"notiform/spec"
)

// examples loads every draft of examples, as of a day before their times.
func examples(t *testing.T) spec.Set {
	t.Helper()
	return spec.Load(t.Context(), []string{"examples/drafts", "examples/blocked"}, spec.Options{
		Dir: root(t), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Strict: true,
	})
}

// TestExamplesAreWithoutFault wants nothing to be said about any example, not even a warning.
func TestExamplesAreWithoutFault(t *testing.T) {
	t.Parallel()
	set := examples(t)
	for _, d := range set.Diagnostics {
		t.Errorf("%s", d)
	}
	files := 0
	for _, dir := range []string{"drafts", "blocked"} {
		for _, name := range exampleFiles(t, dir) {
			if path.Ext(name) == ".yaml" {
				files++
			}
		}
	}
	if set.Files != files || files == 0 {
		t.Errorf("%d files loaded, and examples has %d", set.Files, files)
	}
}

// TestExamplesShowEveryScope wants an example for every legal row of the truth table.
func TestExamplesShowEveryScope(t *testing.T) {
	t.Parallel()
	missing := map[string]func(spec.Draft) bool{
		"scheduled, all_members": func(d spec.Draft) bool {
			return d.PushType == spec.Scheduled && d.PushScopeType == spec.AllMembers && len(d.ChatList) == 0
		},
		"scheduled, all_members, and chats": func(d spec.Draft) bool {
			return d.PushType == spec.Scheduled && d.PushScopeType == spec.AllMembers && len(d.ChatList) > 0
		},
		"scheduled, chats_only": func(d spec.Draft) bool {
			return d.PushType == spec.Scheduled && d.PushScopeType == spec.ChatsOnly
		},
		"scheduled, selected users":                 selected(true, false),
		"scheduled, selected departments":           selected(false, true),
		"scheduled, selected users and departments": selected(true, true),
		"new_staff, chats_only, all":                newStaff(spec.ChatsOnly, spec.AllNewStaff),
		"new_staff, chats_only, departments":        newStaff(spec.ChatsOnly, spec.NewStaffDepartments),
		"new_staff, new_staff, all":                 newStaff(spec.NewStaffScope, spec.AllNewStaff),
		"new_staff, new_staff, departments":         newStaff(spec.NewStaffScope, spec.NewStaffDepartments),
	}
	for _, d := range examples(t).Drafts {
		for row, shows := range missing {
			if shows(d) {
				delete(missing, row)
			}
		}
	}
	for row := range missing {
		t.Errorf("no example is %s", row)
	}
}

func selected(users, departments bool) func(spec.Draft) bool {
	return func(d spec.Draft) bool {
		return d.PushType == spec.Scheduled && d.PushScopeType == spec.SelectedMembers &&
			len(d.UserList) > 0 == users && len(d.DepartmentList) > 0 == departments
	}
}

func newStaff(scope spec.PushScopeType, who spec.NewStaffScopeType) func(spec.Draft) bool {
	return func(d spec.Draft) bool {
		return d.PushType == spec.NewStaff && d.PushScopeType == scope && d.NewStaffScopeType == who
	}
}

// TestExamplesAreListed wants the README of the examples to name every draft and card.
func TestExamplesAreListed(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root(t), "examples", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range exampleFiles(t, "drafts") {
		if !strings.Contains(string(readme), strings.TrimPrefix(name, "drafts/")) {
			t.Errorf("examples/README.md does not name %s", name)
		}
	}
}

// exampleFiles are the files below a folder of the examples.
func exampleFiles(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(filepath.Join(root(t), "examples")), dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
