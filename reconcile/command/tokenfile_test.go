package command

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTokenFiles: of a file no more is read than shows that it holds no token, and nothing but
// files and pipes is read.
func TestTokenFiles(t *testing.T) {
	t.Parallel()
	long := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(long, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why, name string
		size      int
		err       error
	}{
		{"a file that is far too long", long, maxTokenFile, nil},
		{"a pipe in pieces", pipe(t, func(w io.Writer) { io.WriteString(w, "ht-"); io.WriteString(w, "1") }), len("ht-1"), nil},
		{"a pipe without end", pipe(t, func(w io.Writer) {
			for err := error(nil); err == nil; {
				_, err = w.Write(make([]byte, 4<<10))
			}
		}), maxTokenFile, nil},
		{"a device without end", "/dev/zero", 0, errNotRegular},
		{"a directory", t.TempDir(), 0, errNotRegular},
		{"nothing", filepath.Join(t.TempDir(), "gone"), 0, os.ErrNotExist},
	} {
		if content, err := readTokenFile(row.name); len(content) != row.size || !errors.Is(err, row.err) {
			t.Errorf("%s: %d bytes, %v", row.why, len(content), err)
		}
	}
}

// pipe makes a named pipe and feeds whoever opens it first.
func pipe(t *testing.T, feed func(io.Writer)) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := mkfifo(name); err != nil {
		t.Fatal(err)
	}
	go func() { // ends with its reader
		if w, err := os.OpenFile(name, os.O_WRONLY, 0); err == nil {
			feed(w)
			w.Close()
		}
	}()
	return name
}

// TestNobodyWaitsForATokenForEver, as opening a pipe that nobody writes to would.
func TestNobodyWaitsForATokenForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, done := context.WithTimeoutCause(t.Context(), tokenFilePatience, errTokenFile)
		defer done()
		writer := make(chan struct{})
		_, err := leaving(ctx, 0, func() ([]byte, error) { <-writer; return nil, nil })
		if !errors.Is(err, errTokenFile) || !strings.Contains(err.Error(), time.Minute.String()) {
			t.Error(err)
		}
		close(writer)
	})
}
