package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRequirements wants go.mod to tell what the binary is made of from what the tests alone
// need: the first block holds the modules that code imports, the second the others.
func TestRequirements(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s)\nrequire \(\n(.*?)\n\)`).FindAllStringSubmatch(string(src), -1)
	if len(blocks) != 3 || strings.Contains(blocks[0][1]+blocks[1][1], "// indirect") {
		t.Fatalf("go.mod has %d blocks of requirements, want the code's, the tests' and the indirect ones", len(blocks))
	}
	for i, wanted := range []string{"code", "tests alone"} {
		for line := range strings.Lines(blocks[i][1]) {
			module := strings.Fields(line)[0]
			if inCode := codeImports(t, module); inCode != (i == 0) {
				t.Errorf("%s is in the block of what is imported by %s; imported by code: %v", module, wanted, inCode)
			}
		}
	}
}

// codeImports says whether a file that is no test imports from a module.
func codeImports(t *testing.T, module string) bool {
	t.Helper()
	for _, s := range code(t) {
		for _, spec := range s.file.Imports {
			if strings.HasPrefix(strings.Trim(spec.Path.Value, `"`)+"/", module+"/") {
				return true
			}
		}
	}
	return false
}
