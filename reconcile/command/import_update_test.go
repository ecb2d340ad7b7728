package command

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestReplaceText: a file is replaced as a whole, keeps its rights and the links to it, and is left when
// it is not what was read.
func TestReplaceText(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		make func(folder string) error // beside a.yaml
		name string
		want error
	}{
		{"a file", nil, "a.yaml", nil},
		{"a link to it", func(folder string) error { return os.Symlink("a.yaml", filepath.Join(folder, "l.yaml")) }, "l.yaml", nil},
		{"a file that changed since", func(folder string) error { return os.WriteFile(filepath.Join(folder, "a.yaml"), []byte("else"), 0o640) }, "a.yaml", errMoved},
		{"a folder", func(folder string) error { return os.Mkdir(filepath.Join(folder, "d"), 0o755) }, "d", errNotRegular},
		{"nothing", nil, "none.yaml", os.ErrNotExist},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file := filepath.Join(folder, "a.yaml")
			err := os.WriteFile(file, []byte("was"), 0o640)
			if err == nil && row.make != nil {
				err = row.make(folder)
			}
			if err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(file)
			if err := replaceText(filepath.Join(folder, row.name), []byte("was"), []byte("is")); !errors.Is(err, row.want) {
				t.Fatalf("%v, want %v", err, row.want)
			}
			want := string(before)
			if row.want == nil {
				want = "is"
			}
			now, err := os.ReadFile(file)
			info, _ := os.Lstat(file)
			if err != nil || string(now) != want || info.Mode() != 0o640 {
				t.Errorf("%q, %v, %v, want %q as it was", now, info, err, want)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, ".notiform-*")); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}
