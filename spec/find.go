package spec

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// source is a file to be read.
type source struct {
	name string // as the user would type it: relative if the path was, with slashes
	path string // for the operating system; "" is standard input
	args []int  // which of the paths led here
}

const stdinName = "-"

// finder turns paths into sources.
type finder struct {
	dir     string
	here    string // where relative paths start for the operating system
	sources []source
	known   map[string]int // absolute path → index in sources
	faults  []Diagnostic
	refused map[int]bool // by the index of the path: a fault of it was reported
}

// find lists the files that paths name, each once, sorted by name.
func find(dir string, paths []string) *finder {
	f := &finder{dir: dir, known: map[string]int{}, refused: map[int]bool{}}
	f.here, _ = os.Getwd() // without one, a file may at worst be read twice
	for i, p := range paths {
		f.path(i, p)
	}
	slices.SortFunc(f.sources, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return f
}

func (f *finder) path(arg int, p string) {
	if p == stdinName {
		f.add(arg, source{name: stdinName})
		return
	}
	name := filepath.ToSlash(filepath.Clean(p))
	full := p
	if !filepath.IsAbs(p) {
		full = filepath.Join(f.dir, p)
	}
	info, err := os.Stat(full)
	switch {
	case p == "":
		f.refuse(arg, name, ruleUnreadableFile, emptyPath, "")
	case err != nil:
		f.refuse(arg, name, ruleUnreadableFile, problemOf(err), "")
	case info.IsDir():
		f.walk(arg, name, full)
	default:
		f.add(arg, source{name: name, path: full})
	}
}

func (f *finder) add(arg int, s source) {
	key := f.absolute(s.path)
	i, ok := f.known[key]
	if !ok {
		i = len(f.sources)
		f.known[key] = i
		f.sources = append(f.sources, s)
	}
	f.sources[i].args = append(f.sources[i].args, arg)
}

// absolute is the name a file is known by whichever way it was reached; that of
// standard input is empty.
func (f *finder) absolute(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(f.here, p)
}

func (f *finder) refuse(arg int, name, rule, problem, hint string) {
	f.refused[arg] = true
	f.faults = append(f.faults, Diagnostic{Pos: firstPlace().in(name), Rule: rule, Message: problem, Hint: hint})
}

// walk adds a directory's drafts. Links found on the way are not followed, for
// the reason that cards are confined to the working directory: a pull request
// may add one that leads anywhere. A link that looks like a draft is a fault, so
// that none is passed over in silence.
func (f *finder) walk(arg int, name, full string) {
	// There is no error: the function reports what goes wrong, and returns none but SkipDir.
	_ = fs.WalkDir(os.DirFS(full), ".", func(p string, d fs.DirEntry, err error) error {
		within := path.Join(name, p)
		switch {
		case err != nil:
			f.refuse(arg, within, ruleUnreadableFile, problemOf(err), "")
			return fs.SkipDir
		case p != "." && strings.HasPrefix(path.Base(p), ".") && d.IsDir():
			return fs.SkipDir
		case !isDraftName(path.Base(p)):
		case d.Type()&fs.ModeSymlink != 0:
			f.refuse(arg, within, ruleDraftFile, linkNotFollowed, nameLink)
		case !d.IsDir():
			f.add(arg, source{name: within, path: filepath.Join(full, filepath.FromSlash(p))})
		}
		return nil
	})
}

func isDraftName(base string) bool {
	ext := path.Ext(base)
	return (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(base, ".")
}

// problemOf is what the operating system says, without the path, which stands before
// the message already.
func problemOf(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}
