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
	from func(name string) ([]byte, error) // reads instead of the file system, unless nil
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

// name is the path, from the working directory, of the card file that a draft
// names relative to itself. It may lead out of there.
func (c *cardFiles) name(draft, named string) (string, error) {
	folder := filepath.Dir(filepath.FromSlash(draft))
	if !filepath.IsLocal(folder) {
		from, err := c.fromDir(folder)
		if err != nil {
			return "", err
		}
		folder = from
	}
	return filepath.ToSlash(filepath.Join(folder, filepath.FromSlash(named))), nil
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
	if c.from != nil {
		return c.from(name)
	}
	return c.readFile(name)
}

// readFile reads a file within the root; of one that is too large, a byte more than
// maxCardFile.
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
		return nil, errNotRegular
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	return io.ReadAll(io.LimitReader(f, maxCardFile+1))
}

// contentFile reads the card a draft keeps in a file of its own.
func (d *document) contentFile() {
	named, at := d.card.named, d.draft.at[fieldPushContentFile]
	if named == "" {
		return
	}
	if d.card.given {
		d.fault(at, ruleContentFile, contentTwice).Hint = removeOne
		return
	}
	card, ok := d.openCard(at, named)
	if !ok {
		d.unread[fieldPushContent] = true
		return
	}
	d.draft.at[fieldPushContent] = at
	d.card.given, d.card.in, d.card.at = true, card, firstPlace()
	d.unread[fieldPushContent] = !d.readCard(card)
}

// openCard reads the bytes of the card file that the draft names, and decodes nothing yet.
func (d *document) openCard(at place, named string) (*file, bool) {
	if path.IsAbs(named) || filepath.IsAbs(named) {
		d.fault(at, ruleContentFile, cardFileAbsolute, quoted(named)).Hint = writeRelative
		return nil, false
	}
	name, err := d.cards.name(d.name, named)
	switch {
	case err != nil:
		d.fault(at, ruleContentFile, cardFileRefused, quoted(named), err)
		return nil, false
	case !filepath.IsLocal(name):
		d.fault(at, ruleContentFile, cardFileOutside, quoted(named)).Hint = keepCardsBeside
		return nil, false
	}
	d.cardNames = append(d.cardNames, name)
	src, err := d.cards.read(name)
	switch {
	case err != nil:
		d.refuseCard(at, named, name, err)
		return nil, false
	case len(src) > maxCardFile:
		d.fault(at, ruleContentFile, cardFileTooLarge, quoted(named), maxCardFile>>10).Hint = keepToMaximum
		return nil, false
	}
	return &file{decoder: d.decoder, name: name, src: src, allowance: 2*len(src) + maxSpread}, true
}

// refuseCard says why a card file could not be read. An escape from an os.Root has no
// error to test for, but is the one that is no errno.
func (d *document) refuseCard(at place, named, name string, err error) {
	switch pathError := (*fs.PathError)(nil); {
	case errors.Is(err, errNotRegular):
		d.fault(at, ruleContentFile, cardFileNotRegular, quoted(named))
	case errors.Is(err, fs.ErrNotExist):
		d.fault(at, ruleContentFile, cardFileMissing, quoted(named)).Hint = fmt.Sprintf(lookRelative, name)
	case errors.As(err, &pathError) && strings.Contains(pathError.Err.Error(), "escapes"):
		d.fault(at, ruleContentFile, cardFileOutside, quoted(named)).Hint = keepCardsBeside
	case errors.As(err, &pathError):
		d.fault(at, ruleContentFile, cardFileUnreadable, quoted(named), pathError.Err)
	default:
		d.fault(at, ruleContentFile, cardFileRefused, quoted(named), err)
	}
}

// readCard decodes a card file by its name: YAML or, for any other, JSON. Faults
// in it are reported in it.
func (d *document) readCard(card *file) (ok bool) {
	if i := invalidUTF8(card.src); i >= 0 {
		card.fault(card.placeOf(i), ruleContentFile, cardFileNotUTF8).Hint = saveAsUTF8
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
			f.fault(placeOfNode(root), ruleContentFile, cardFileOfTwo)
			return JSON{}, false
		case kindOf(root) != kindMapping:
			f.fault(placeOfNode(root), ruleCardJSON, cardFileNotMapping, kindOf(root))
		default:
			card, ok = f.yamlCard(root)
		}
	}
	if documents == 0 && len(f.faults) == 0 {
		f.fault(firstPlace(), ruleCardJSON, cardFileEmpty)
	}
	return card, ok && len(f.faults) == 0
}
