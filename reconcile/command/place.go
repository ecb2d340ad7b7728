package command

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"notiform/reconcile/report"
)

// What a run writes must not take the place of what it reads, nor of anything else that it writes.
// Files are told apart by what they are, not by how they are called: links, ./ and an upper case
// letter where the file system knows none lead to the same one.

// place is where something is read or written: the file that is there, or else its whole name.
type place struct {
	name string
	info fs.FileInfo // nil where nothing is yet
}

func placeOf(name string) place {
	p := place{name: name}
	if whole, err := filepath.Abs(name); err == nil {
		p.name = whole
	}
	if led, err := followed(p.name); err == nil {
		p.name = led
	}
	p.info, _ = os.Stat(name) // nil as well when it cannot be looked at
	return p
}

func (p place) is(q place) bool {
	if p.info == nil || q.info == nil {
		return p.name == q.name
	}
	return os.SameFile(p.info, q.info)
}

func (p place) isDirectory() bool { return p.info != nil && p.info.IsDir() }

// isStream reports whether a stream of the process leads to or from the file.
func (p place) isStream(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok || p.info == nil || !p.info.Mode().IsRegular() {
		return false
	}
	info, err := f.Stat()
	return err == nil && os.SameFile(p.info, info)
}

// isDraftBelow reports whether a file at p would be read as a draft whenever the directory is.
func (p place) isDraftBelow(directory place) bool {
	if !directory.isDirectory() || !slices.Contains([]string{".yaml", ".yml"}, path.Ext(p.name)) {
		return false
	}
	within, err := filepath.Rel(directory.name, p.name)
	if err != nil || !filepath.IsLocal(within) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(filepath.ToSlash(within), "/"), func(step string) bool { return strings.HasPrefix(step, ".") })
}

// followed is where a name leads: the file behind all links, also where that is not there yet.
func followed(name string) (string, error) {
	const most = 40 // as Linux has it
	for range most {
		if led, err := filepath.EvalSymlinks(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return led, err
		}
		folder, err := filepath.EvalSymlinks(filepath.Dir(name))
		if err != nil {
			return name, err
		}
		to, err := os.Readlink(name)
		if err != nil { // not even a link is there
			return filepath.Join(folder, filepath.Base(name)), nil
		}
		if name = to; !filepath.IsAbs(to) {
			name = filepath.Join(folder, to)
		}
	}
	return name, &fs.PathError{Op: "readlink", Path: name, Err: syscall.ELOOP}
}

// output is a file that a run writes.
type output struct {
	typed string // the flag and its value
	file  string
	adds  bool // to what others write to the same file
}

func (o *outputs) written() []output {
	var all []output
	for _, d := range o.reports {
		all = append(all, output{"--report " + d.format + "=" + d.file, d.file, report.Appends(d.format)})
	}
	if o.out != "" {
		all = append(all, output{typed: "--out " + o.out, file: o.out})
	}
	return all
}

// checkFiles refuses what the run would write over something else, before anything is read. named
// are the files and directories that it was told to read, "-" for standard input.
func (o *outputs) checkFiles(env Env, named []string) error {
	var taken []place
	for _, w := range o.written() {
		p := placeOf(inDir(env.Dir, w.file))
		streams := []io.Writer{env.Stdout, env.Stderr}
		switch {
		case slices.ContainsFunc(taken, p.is):
			return usage(sameOutput, w.typed)
		case !w.adds && slices.ContainsFunc(streams, func(s io.Writer) bool { return p.isStream(s) }):
			return usage(outputIsStream, w.typed)
		}
		for _, name := range named {
			switch source := placeOf(inDir(env.Dir, name)); {
			case name == "-" && p.isStream(env.Stdin), name != "-" && p.is(source) && !source.isDirectory():
				return hinted{usage(outputIsRead, w.typed), hintOutputIsRead}
			case name != "-" && p.isDraftBelow(source):
				return hinted{usage(outputIsDraft, w.typed), hintOutputIsRead}
			}
		}
		taken = append(taken, p)
	}
	return nil
}

// spares refuses what the run would write over one of the files that were read.
func (o *outputs) spares(env Env, read []string) error {
	for _, w := range o.written() {
		p := placeOf(inDir(env.Dir, w.file))
		if p.info == nil {
			continue // nothing was read there
		}
		for _, name := range read {
			if info, err := os.Stat(name); err == nil && os.SameFile(p.info, info) {
				return hinted{usage(outputIsRead, w.typed), hintOutputIsRead}
			}
		}
	}
	return nil
}

// settingFiles are the files that hold settings.
func settingFiles(env Env) []string {
	var files []string
	for _, name := range []string{"FEISHU_HELPDESK_TOKEN", "FEISHU_USER_ACCESS_TOKEN", "FEISHU_APP_SECRET", "FEISHU_TENANT_ACCESS_TOKEN"} {
		if file := env.Getenv(name + "_FILE"); file != "" {
			files = append(files, file)
		}
	}
	if file, err := storeFile(env); err == nil {
		files = append(files, file)
	}
	return files
}
