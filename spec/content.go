package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// cardFiles are the files that push_content_file names. None is opened outside the
// working directory: a draft comes from a pull request, and what it pulls in is
// published to everybody. Each is read and judged once, however many drafts name it,
// and by however many links.
type cardFiles struct {
	dir    string
	from   func(name string) ([]byte, error) // reads instead of the file system, unless nil
	once   sync.Once
	folder *os.Root // dir, opened for the first card file: most drafts have none
	real   string   // dir without links
	err    error

	guard sync.Mutex
	known map[string]*cardFile // by their paths from dir, as drafts have them
	cards map[cardKey]*cardFile
}

// cardKey is which card it is: the same file may be read as YAML and as JSON.
type cardKey struct {
	name string // the path from dir, without links
	yaml bool
}

// cardFile is what is known of one card file. Of one that is at fault the content may
// be no value; then there is a fault whose rule is Fixed, or an error.
type cardFile struct {
	cardKey
	once    sync.Once
	err     error // why it could not be read
	content JSON
	faults  []Diagnostic
	broken  bool   // it is no YAML
	tries   int    // the patience that it was read with
	src     string // for Memory
	same    bool   // as Memory had it
}

func newCardFiles(opts Options) *cardFiles {
	return &cardFiles{
		dir: cmp.Or(opts.Dir, "."), from: opts.ReadCard,
		known: map[string]*cardFile{}, cards: map[cardKey]*cardFile{},
	}
}

func (c *cardFiles) open() (*os.Root, error) {
	c.once.Do(func() {
		if c.folder, c.err = os.OpenRoot(c.dir); c.err == nil {
			c.real, c.err = filepath.EvalSymlinks(c.dir)
		}
	})
	return c.folder, c.err
}

func (c *cardFiles) close() {
	if c.folder != nil {
		_ = c.folder.Close() // nothing was written
	}
}

// named is the card file of a name, not yet read perhaps.
func (c *cardFiles) named(name string) *cardFile {
	c.guard.Lock()
	defer c.guard.Unlock()
	if card := c.known[name]; card != nil {
		return card
	}
	ext := path.Ext(name)
	key := cardKey{c.withoutLinks(name), ext == ".yaml" || ext == ".yml"}
	card := c.cards[key]
	if card == nil {
		card = &cardFile{cardKey: key}
		c.cards[key] = card
	}
	c.known[name] = card
	return card
}

// withoutLinks is the name by which a card file is opened: that of the file itself, so
// that thousands of links to one cost no more than it does. Where there is none, opening
// the name tells why.
func (c *cardFiles) withoutLinks(name string) string {
	if c.from != nil {
		return name
	}
	if _, err := c.open(); err != nil {
		return name
	}
	full, err := filepath.EvalSymlinks(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		return name
	}
	within, err := filepath.Rel(c.real, full)
	if err != nil || !filepath.IsLocal(within) {
		return name
	}
	return filepath.ToSlash(within)
}

// faults are those of all card files that were read.
func (c *cardFiles) faults() []Diagnostic {
	var all []Diagnostic
	for _, card := range c.cards {
		all = append(all, card.faults...) // settle brings them into order
	}
	return all
}

// files are the card files by the names that drafts have for them.
func (c *cardFiles) files() map[string]string {
	files := make(map[string]string, len(c.known))
	for name, card := range c.known {
		files[name] = card.name
	}
	return files
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
	src, err := c.bytes(name)
	if err == nil && len(src) > maxFile {
		err = errTooLarge
	}
	return src, err
}

func (c *cardFiles) bytes(name string) ([]byte, error) {
	if c.from != nil {
		return c.from(name)
	}
	folder, err := c.open()
	if err != nil {
		return nil, err
	}
	return contentOf(openWithin(folder, name))
}

// contentFile takes the card a draft keeps in a file of its own.
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
	d.draft.at[fieldPushContent], d.draft.PushContent = at, card.content
	d.card.given = true
	d.unread[fieldPushContent] = card.content.IsZero()
}

// openCard is the card file that the draft names, if it can be read.
func (d *document) openCard(at place, named string) (*cardFile, bool) {
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
	d.draft.CardFile = name
	card := d.cardNamed(name)
	if card.err != nil {
		d.refuseCard(at, named, name, card.err)
		return nil, false
	}
	return card, true
}

// cardNamed is the card file of a name, read.
func (d *decoder) cardNamed(name string) *cardFile {
	card := d.cards.named(name)
	card.once.Do(func() { d.readCard(card, new(int)) })
	return card
}

// refuseCard says why a card file could not be read. An escape from an os.Root has no
// error to test for, but is the one that is no errno.
func (d *document) refuseCard(at place, named, name string, err error) {
	switch pathError := (*fs.PathError)(nil); {
	case errors.Is(err, errTooLarge):
		d.fault(at, ruleContentFile, cardFileTooLarge, quoted(named), maxFile>>10).Hint = shortenCard
	case errors.Is(err, errNotRegular):
		d.fault(at, ruleContentFile, cardFileNotRegular, quoted(named))
	case errors.Is(err, fs.ErrNotExist):
		d.fault(at, ruleContentFile, cardFileMissing, quoted(named)).Hint = fmt.Sprintf(lookRelative, first(longestSaid, name))
	case errors.As(err, &pathError) && strings.Contains(pathError.Err.Error(), "escapes"):
		d.fault(at, ruleContentFile, cardFileOutside, quoted(named)).Hint = keepCardsBeside
	case errors.As(err, &pathError):
		d.fault(at, ruleContentFile, cardFileUnreadable, quoted(named), pathError.Err)
	default:
		d.fault(at, ruleContentFile, cardFileRefused, quoted(named), err)
	}
}

// broken are the card files that are no YAML, in order.
func (c *cardFiles) broken() []*cardFile {
	all := slices.DeleteFunc(slices.Collect(maps.Values(c.cards)), func(card *cardFile) bool { return !card.broken })
	slices.SortFunc(all, func(a, b *cardFile) int { return strings.Compare(a.name, b.name) })
	return all
}

// readCard reads, decodes and judges a card file. Faults in it are reported in it.
func (d *decoder) readCard(card *cardFile, patience *int) {
	src, err := d.cards.read(card.name)
	if err != nil {
		card.err = err
		return
	}
	d.seen(card.name, src)
	if d.recallCard(card, src, *patience) {
		return
	}
	f := d.newFile(card.name, src)
	tries := *patience
	f.patience = patience
	card.content = f.cardFile(card.yaml)
	f.excerpts()
	card.faults, card.broken, card.tries = f.faults, f.broken, tries
}

// cardFile decodes and judges a card file, as YAML or as JSON.
func (f *file) cardFile(asYAML bool) JSON {
	if i := invalidUTF8(f.src); i >= 0 {
		f.fault(f.placeOf(i), ruleContentFile, cardFileNotUTF8).Hint = saveAsUTF8
		return JSON{}
	}
	if asYAML {
		return f.yamlCardFile()
	}
	if f.conflicts(ruleCardJSON) {
		return JSON{}
	}
	card, ok := f.jsonCard(f.src, func(e *jsonError) (place, string) { return e.place, e.message })
	if ok {
		f.hiddenInJSON(string(f.src), "", inJSON(f.src))
		f.judgeCard(string(f.src), card, firstPlace(), inJSON(f.src))
	}
	return card
}

// yamlCardFile reads a card file's one document.
func (f *file) yamlCardFile() JSON {
	f.each = (*file).cardDocument
	f.readAll()
	if f.documents == 0 && len(f.faults) == 0 {
		f.fault(firstPlace(), ruleCardJSON, cardFileEmpty).Hint = beginCard
	}
	if f.broken || f.documents > 1 {
		return JSON{}
	}
	return f.card
}

// cardDocument reads and judges a document as a card.
func (f *file) cardDocument(root *yaml.Node) {
	switch f.documents++; {
	case f.documents > 1:
		f.fault(placeOfNode(root), ruleContentFile, cardFileOfTwo)
	case kindOf(root) != kindMapping:
		if !f.wideColons(root) {
			f.fault(placeOfNode(root), ruleCardJSON, cardFileNotMapping, kindOf(root)).Hint = beginCard
		}
	default:
		if card, ok := f.yamlCard(root); ok {
			f.judgeCard(card.String(), card, firstPlace(), f.inYAML(root))
			f.card = card
		}
	}
}
