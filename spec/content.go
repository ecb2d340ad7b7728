package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// maxCardFile is how many bytes a push_content_file may have: a card of 30 KiB,
// however generously indented.
const maxCardFile = 1 << 20

// cardFiles opens the files that push_content_file names, and none outside the
// working directory: a draft comes from a pull request, and what it pulls in is
// published to everybody.
type cardFiles struct {
	dir  string
	from func(name string) ([]byte, error) // instead of the file system; may be nil
	once sync.Once
	root *os.Root // opened for the first card file: most drafts have none
	err  error
}

func newCardFiles(opts Options) *cardFiles {
	return &cardFiles{dir: cmp.Or(opts.Dir, "."), from: opts.ReadCard}
}

func (c *cardFiles) open() (*os.Root, error) {
	c.once.Do(func() { c.root, c.err = os.OpenRoot(c.dir) })
	return c.root, c.err
}

func (c *cardFiles) close() {
	if c.root != nil {
		_ = c.root.Close() // nothing was written
	}
}

// A cardFileError says why a card file cannot be used.
type cardFileError struct{ problem, hint string }

func (e *cardFileError) Error() string { return e.problem }

// name is the path, from the working directory, of the card file that a draft
// names relative to itself.
func (c *cardFiles) name(draft, named string) (string, error) {
	if path.IsAbs(named) || filepath.IsAbs(named) {
		return "", &cardFileError{"is an absolute path", "write it relative to the draft"}
	}
	folder := filepath.Dir(filepath.FromSlash(draft))
	if !filepath.IsLocal(folder) {
		from, err := c.fromDir(folder)
		if err != nil {
			return "", err
		}
		folder = from
	}
	name := filepath.Join(folder, filepath.FromSlash(named))
	if !filepath.IsLocal(name) {
		return "", errOutside()
	}
	return filepath.ToSlash(name), nil
}

func errOutside() error {
	return &cardFileError{"is outside the working directory", "keep cards beside the drafts, and run where both are"}
}

// fromDir is a path relative to the working directory.
func (c *cardFiles) fromDir(p string) (string, error) {
	dir, err := filepath.Abs(c.dir)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(p) {
		p = filepath.Join(dir, p)
	}
	return filepath.Rel(dir, p)
}

// read reads a card file by its path from the working directory.
func (c *cardFiles) read(name string) ([]byte, error) {
	from := c.from
	if from == nil {
		from = c.readFile
	}
	src, err := from(name)
	if err != nil {
		return nil, c.explain(name, err)
	}
	if len(src) > maxCardFile {
		return nil, &cardFileError{fmt.Sprintf("is larger than %d KiB", maxCardFile>>10), "a card has at most 30 KiB"}
	}
	return src, nil
}

// readFile reads a file within the root, and of one that is too large no more
// than shows it.
func (c *cardFiles) readFile(name string) ([]byte, error) {
	root, err := c.open()
	if err != nil {
		return nil, err
	}
	// Stat first: opening a pipe would wait for somebody to write to it.
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &cardFileError{"is not a regular file", ""}
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	return io.ReadAll(io.LimitReader(f, maxCardFile+1))
}

// explain turns what os.Root says into what it means. An escape has no error to
// test for but is the one that is no errno.
func (c *cardFiles) explain(name string, err error) error {
	switch pathError := (*fs.PathError)(nil); {
	case errors.Is(err, fs.ErrNotExist):
		return &cardFileError{"does not exist", "the path is relative to the draft's own folder: looked for " + name}
	case errors.As(err, &pathError) && strings.Contains(pathError.Err.Error(), "escapes"):
		return errOutside()
	case errors.As(err, &pathError):
		return &cardFileError{"cannot be read: " + pathError.Err.Error(), ""}
	}
	return err
}

// contentFile reads the card a draft keeps in a file of its own.
func (d *document) contentFile() {
	named := d.card.file
	if named == "" {
		return
	}
	at := d.draft.at[fieldPushContentFile]
	if d.card.given {
		d.fault(at, ruleContentFile, "push_content_file is given beside push_content", "remove one of the two")
		return
	}
	name, err := d.cards.name(d.name, named)
	var src []byte
	if err == nil {
		d.cardNames = append(d.cardNames, name)
		src, err = d.cards.read(name)
	}
	if err != nil {
		d.contentFault(at, named, err)
		return
	}
	d.draft.at[fieldPushContent] = at
	card := &file{decoder: d.decoder, name: name, src: src, allowance: 2*len(src) + maxSpread}
	d.card.given, d.card.in, d.card.at = true, card, firstPlace()
	d.bad[fieldPushContent] = !d.readCard(card)
}

func (d *document) contentFault(at place, named string, err error) {
	d.bad[fieldPushContent] = true
	hint := ""
	if e := (*cardFileError)(nil); errors.As(err, &e) {
		hint = e.hint
	}
	d.fault(at, ruleContentFile, fmt.Sprintf("push_content_file %s %v", quoted(named), err), hint)
}

// readCard decodes a card file by its name: YAML or, for any other, JSON. Faults
// in it are reported in it.
func (d *document) readCard(card *file) (ok bool) {
	if i := invalidUTF8(card.src); i >= 0 {
		card.fault(card.placeOf(i), ruleContentFile, "the card file is not UTF-8", "save the file as UTF-8")
		return false
	}
	switch path.Ext(card.name) {
	case ".yaml", ".yml":
		d.draft.PushContent, ok = card.yamlCardFile()
	default:
		// Some editors on Windows begin every file with a byte order mark.
		src := []byte(strings.TrimPrefix(string(card.src), "\ufeff"))
		d.draft.PushContent, ok = card.jsonCard(src, func(e *jsonError) (place, string) { return e.place, e.message })
	}
	return ok
}

// yamlCardFile reads a card file's one document.
func (f *file) yamlCardFile() (card JSON, ok bool) {
	documents := 0
	for root := range f.roots() {
		switch documents++; {
		case documents > 1:
			f.fault(placeOfNode(root), ruleContentFile, "a card file holds one card, and here begins another", "")
			return JSON{}, false
		case kindOf(root) != kindMapping:
			f.fault(placeOfNode(root), ruleCardJSON, "a card is a mapping, not "+kindOf(root).String(), "")
		default:
			card, ok = f.yamlCard(root)
		}
	}
	if documents == 0 && len(f.faults) == 0 {
		f.fault(firstPlace(), ruleCardJSON, "the card file is empty", "")
	}
	return card, ok && len(f.faults) == 0
}
