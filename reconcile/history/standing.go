package history

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"notiform/spec"
)

// standing is how Git sees the files that the drafts are in now.
type standing struct {
	names   map[string]string // in the work tree, by file as typed
	why     map[string]string // there is no honest third side, by file as typed
	indexed map[string]entry
}

// stand looks every file of the drafts up in the index, and in the attributes. Git reads these for
// that and runs nothing.
func (r *repository) stand(ctx context.Context, drafts []spec.Draft) (standing, error) {
	s := standing{names: map[string]string{}, why: map[string]string{}}
	inTree := git{r.top, r.environ}
	list, err := inTree.index(ctx)
	if err != nil {
		return s, err
	}
	_, s.indexed = entries(list, 1)
	folders := map[string]string{}
	for _, d := range drafts {
		if _, known := s.names[d.Pos.File]; !known {
			s.place(r, d.Pos.File, folders)
		}
	}
	filters, err := inTree.filters(ctx, s.names)
	if err != nil {
		return s, &baseError{err, ""}
	}
	for file, name := range s.names {
		if filter := filters[name]; s.why[file] == "" && filter != "" {
			s.why[file] = fmt.Sprintf(behindFilter, filter)
		}
	}
	return s, nil
}

// index is what Git keeps of the files of the work tree.
func (g git) index(ctx context.Context) (string, error) {
	list, err := g.run(ctx, nil, "ls-files", "-s", "-z") // <mode> <id> <stage>
	if err != nil {
		return "", &baseError{err, ""}
	}
	return list, nil
}

// place notes where a file stands in the work tree, and why Git holds no version of it.
func (s *standing) place(r *repository, file string, folders map[string]string) {
	name, inside := r.inTree(file, folders)
	s.names[file] = name
	switch tracked, known := s.indexed[name]; {
	case file == stdin:
		s.names[file], s.why[file] = "", fromStdin
	case !inside:
		s.names[file], s.why[file] = "", outsideTree
	case !known:
		s.why[file] = notTracked
	case !tracked.regular:
		s.why[file] = isLink
	default:
		r.drafts[path.Ext(name)] = true // a path names any file
	}
}

// stdin is what a draft of standard input has for its file.
const stdin = "-"

// inTree is a file's name in the work tree, from its name as typed, through whatever links lead
// to its folder. folders remembers where those lead.
func (r *repository) inTree(file string, folders map[string]string) (name string, inside bool) {
	file = r.at(file)
	folder, known := folders[filepath.Dir(file)]
	if !known {
		folder = ".." // unless it is inside
		if within, err := filepath.Rel(resolve(r.top), resolve(filepath.Dir(file))); err == nil {
			folder = within
		}
		folders[filepath.Dir(file)] = folder
	}
	name = filepath.Join(folder, filepath.Base(file))
	return filepath.ToSlash(name), filepath.IsLocal(name)
}

// at is where a path as typed leads to for the operating system.
func (g git) at(path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(g.dir, path)
	}
	return path
}

// filters are the names of the filters that files of the work tree are behind.
func (g git) filters(ctx context.Context, names map[string]string) (map[string]string, error) {
	var asked strings.Builder
	for _, name := range names {
		if name != "" {
			asked.WriteString(name + "\x00")
		}
	}
	said, err := g.run(ctx, strings.NewReader(asked.String()), "check-attr", "-z", "--stdin", "filter")
	if err != nil {
		return nil, err
	}
	filters := map[string]string{}
	fields := strings.Split(said, "\x00") // name, "filter", value
	for i := 0; i+2 < len(fields); i += 3 {
		switch value := fields[i+2]; value {
		case "unspecified", "unset", "set": // no name of a filter
		default:
			filters[fields[i]] = value
		}
	}
	return filters, nil
}

// replaced is what stands at the commit where a file stands now, or where one of its folders
// does, when that is a link or another repository: what was read through it, nobody can tell.
func (r *repository) replaced(name string) (string, bool) {
	for ; name != "." && name != "/" && name != ""; name = path.Dir(name) {
		if there, ok := r.entries[name]; ok {
			return name, !there.regular
		}
	}
	return "", false
}
