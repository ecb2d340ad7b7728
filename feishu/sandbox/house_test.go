package sandbox_test

import (
	"go/build"
	"strings"
	"testing"
)

// TestImports: the stand-in shares no code with the client, and no test code
// gets into the program through it.
func TestImports(t *testing.T) {
	t.Parallel()
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkg.Imports) == 0 {
		t.Fatal("no imports found")
	}
	for _, path := range pkg.Imports {
		if strings.HasPrefix(path, "notiform/") || path == "testing" || path == "net/http/httptest" {
			t.Errorf("imports %s", path)
		}
	}
}
