package command_test

import (
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// pad FILE BYTES makes a file of the page this large with lines of comment at its end.
func pad(ts *testscript.TestScript, neg bool, args []string) {
	file, size := fileAndSize(ts, neg, args)
	text := ts.ReadFile(file)
	const line = "# the quick brown fox jumps over the lazy dog, over and over again\n"
	text += strings.Repeat(line, max(0, size-len(text))/len(line)+1)
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text[:size]), 0o644))
}

// sparse FILE BYTES makes a file of zero bytes that takes no room on the disk.
func sparse(ts *testscript.TestScript, neg bool, args []string) {
	file, size := fileAndSize(ts, neg, args)
	ts.Check(os.WriteFile(ts.MkAbs(file), nil, 0o644))
	ts.Check(os.Truncate(ts.MkAbs(file), int64(size)))
}

func fileAndSize(ts *testscript.TestScript, neg bool, args []string) (file string, size int) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pad|sparse FILE BYTES")
	}
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	return args[0], size
}
