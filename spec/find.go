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

// source is a file to be read. There may be very many.
type source struct {
	name   string // as the user would type it: relative if the path was, with slashes
	path   string // within the folder, or for the operating system; "" is standard input
	folder string // in which it was found; "": a path named it
	args   []int  // which of the paths led here
}

const stdinName = "-"

func (s source) isStdin() bool { return s.path == "" }

// open opens what is to be read. Of what was found in a folder, nothing is read but
// through that: a folder further down may have been replaced by a link.
func (s source) open() (*os.File, error) {
	if s.folder == "" {
		return openNamed(s.path)
	}
	folder, err := os.OpenRoot(s.folder)
	if err != nil {
		return nil, err
	}
	defer folder.Close() // read only
	return openFound(folder, filepath.FromSlash(s.path))
}

// finder turns paths into sources.
type finder struct {
	dir     string
	vacant  func(path string) bool
	here    string // where relative paths start for the operating system
	sources []source
	known   map[string]int // absolute path → index in sources; nil while only one path was looked at
	faults  []Diagnostic
	refused map[int]bool // by the index of the path: a fault of it was reported
}

// find lists the files that paths name, each once, sorted by name.
func find(opts Options, paths []string) *finder {
	f := &finder{dir: opts.Dir, vacant: opts.Vacant, refused: map[int]bool{}}
	if f.vacant == nil {
		f.vacant = func(string) bool { return false }
	}
	f.here, _ = os.Getwd() // without one, a file may at worst be read twice
	for i, p := range paths {
		if i == 1 {
			f.index()
		}
		f.path(i, p)
	}
	slices.SortFunc(f.sources, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return f
}

// index makes the sources of the first path known.
func (f *finder) index() {
	f.known = make(map[string]int, len(f.sources))
	for i, s := range f.sources {
		f.known[f.key(s)] = i
	}
}

func (f *finder) path(arg int, p string) {
	led := []int{arg}
	if p == stdinName {
		f.add(source{name: stdinName, args: led})
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
	case errors.Is(err, fs.ErrNotExist) && f.vacant(p):
	case err != nil:
		f.refuse(arg, name, ruleUnreadableFile, problemOf(err), "")
	case info.IsDir():
		f.walk(led, name, full)
	default:
		f.add(source{name: name, path: full, args: led})
	}
}

// add takes a source, unless a path before led there too.
func (f *finder) add(s source) {
	if f.known != nil {
		key := f.key(s)
		if i, ok := f.known[key]; ok {
			f.sources[i].args = slices.Concat(f.sources[i].args, s.args)
			return
		}
		f.known[key] = len(f.sources)
	}
	f.sources = append(f.sources, s)
}

// key is the name a source is known by whichever way it was reached; that of standard
// input is empty.
func (f *finder) key(s source) string {
	if s.isStdin() {
		return ""
	}
	return f.absolute(s.name)
}

func (f *finder) absolute(name string) string {
	switch p := filepath.FromSlash(name); {
	case filepath.IsAbs(p):
		return p
	case filepath.IsAbs(f.dir):
		return filepath.Join(f.dir, p)
	default:
		return filepath.Join(f.here, f.dir, p)
	}
}

func (f *finder) refuse(arg int, name, rule, problem, hint string) {
	f.refused[arg] = true
	f.faults = append(f.faults, Diagnostic{Pos: firstPlace().in(name), Rule: rule, Message: problem, Hint: hint})
}

// walk adds a directory's drafts. Links found on the way are not followed, for
// the reason that cards are confined to the working directory: a pull request
// may add one that leads anywhere. A link that looks like a draft, or leads to a folder,
// is a fault, and a file that only seems to be named like a draft is told, so that none
// is passed over in silence.
func (f *finder) walk(led []int, name, full string) {
	// There is no error: the function reports what goes wrong, and returns none but SkipDir.
	_ = fs.WalkDir(os.DirFS(full), ".", func(p string, d fs.DirEntry, err error) error {
		within := path.Join(name, p)
		switch {
		case err != nil:
			f.refuse(led[0], within, ruleUnreadableFile, problemOf(err), "")
			return fs.SkipDir
		case p != "." && strings.HasPrefix(path.Base(p), ".") && d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(path.Base(p), "."):
		case d.Type()&fs.ModeSymlink != 0:
			if isDraftName(path.Base(p)) || isFolder(full, p) {
				f.refuse(led[0], within, ruleDraftFile, linkNotFollowed, nameLink)
			}
		case d.IsDir():
		case !isDraftName(path.Base(p)):
			if isDraftName(strings.ToLower(path.Base(p))) {
				f.faults = append(f.faults, Diagnostic{Pos: firstPlace().in(within), Severity: Warning, Rule: ruleDraftFile, Message: notLookedAt, Hint: renameDraft})
			}
		default:
			f.add(source{name: within, path: within[len(within)-len(p):], folder: full, args: led})
		}
		return nil
	})
}

// isFolder reports whether a link leads to a folder; nothing is read there.
func isFolder(full, name string) bool {
	info, err := os.Stat(filepath.Join(full, filepath.FromSlash(name)))
	return err == nil && info.IsDir()
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
