package history

import (
	"context"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"notiform/spec"
)

// survey is a Change in the making. What is called a name is one in the work tree; a file is
// called as the diagnostics call it.
type survey struct {
	*Since
	set      spec.Set
	prefixes []string // of the paths, see prefix
	here     string   // the name of the working directory
	change   Change

	names   map[string]string       // by file that was read
	same    map[string]bool         // by name of what was read: it has the bytes that it had
	decoded map[string][]spec.Draft // by name: what the base said
	indexed map[string]entry        // nil as long as nobody asked; see index
	left    map[string]bool         // by name: not checked out, as the checkout is a sparse one
}

func (c *survey) make(ctx context.Context) error {
	if err := c.place(ctx); err != nil {
		return err
	}
	if err := c.read(ctx); err != nil {
		return err
	}
	if err := c.match(); err != nil {
		return err
	}
	if err := c.judge(ctx); err != nil {
		return err
	}
	return c.miss(ctx)
}

// place finds the drafts that may mean something else than they did.
func (c *survey) place(ctx context.Context) error {
	for file := range c.seen {
		name, _ := c.r.inTree(file, c.folders)
		c.names[file], c.same[name] = name, c.unchanged(file, name)
	}
	for _, d := range c.set.Drafts {
		other, err := c.hasOtherCard(ctx, d)
		if err != nil {
			return err
		}
		if other || !c.same[c.names[d.Pos.File]] {
			c.change.Drafts = append(c.change.Drafts, d)
		}
	}
	return nil
}

// hasOtherCard reports whether a draft's card file has other bytes than it had, is gone, or is or was
// reached through a link: what that led to then, nobody can tell.
func (c *survey) hasOtherCard(ctx context.Context, d spec.Draft) (bool, error) {
	if d.CardFile == "" {
		return false, nil
	}
	name, file := path.Join(c.here, d.CardFile), c.set.Cards[d.CardFile]
	_, linked := c.r.replaced(name)
	_, there := c.r.entries[name]
	if there && c.seen[file] == nil {
		err := c.index(ctx)
		return !c.left[name], err
	}
	return linked || c.seen[file] != nil && !c.unchanged(file, name), nil
}

// isAsked reports whether one of the paths leads to a name.
func (c *survey) isAsked(name string) bool {
	return slices.ContainsFunc(c.prefixes, func(prefix string) bool { return leadsTo(prefix, name) })
}

// read decodes what the base said in the files that have other bytes now, or are gone, and in those
// of the drafts whose card has.
func (c *survey) read(ctx context.Context) error {
	for _, name := range c.drafts {
		same, read := c.same[name]
		if same || !c.isAsked(name) {
			continue
		}
		if !read {
			if err := c.index(ctx); err != nil {
				return err
			}
		}
		if c.left[name] {
			continue
		}
		if err := c.decode(name); err != nil {
			return err
		}
	}
	for _, d := range c.change.Drafts {
		if err := c.decode(c.names[d.Pos.File]); err != nil {
			return err
		}
	}
	return nil
}

// decode decodes a file of the base, once. Of one that cannot be read, nothing is known.
func (c *survey) decode(name string) error {
	if _, done := c.decoded[name]; done {
		return nil
	}
	c.decoded[name] = nil
	src, ok, err := c.r.blob(name)
	switch {
	case errors.Is(err, errTooLarge) || err == nil && !ok:
		return nil
	case err != nil:
		return err
	}
	return c.take(name, src)
}

func (c *survey) take(name string, src []byte) error {
	set := spec.Decode(name, src, spec.Options{ReadCard: c.r.card, Severity: c.r.rules})
	if c.r.failed != nil { // in a card file
		return c.r.failed
	}
	if c.decoded[name] = set.Drafts; set.Errors() > 0 {
		c.decoded[name] = nil
	}
	return nil
}

// match finds what the drafts said: in the files that were decoded, whichever it was, and else in
// any other that names them. A draft without an id is what is left of those files: what stands in
// another as it did is no other draft's past.
func (c *survey) match() error {
	missing := map[string]bool{}
	for _, d := range c.change.Drafts {
		if d.NotificationID != "" {
			missing[d.NotificationID] = true
		}
	}
	for _, d := range c.change.Drafts {
		c.note(c.decoded[c.names[d.Pos.File]], missing) // its own file first
	}
	for _, name := range slices.Sorted(maps.Keys(c.decoded)) {
		c.note(c.decoded[name], missing)
		c.noteUnnamed(c.decoded[name])
	}
	for _, name := range c.drafts {
		if _, done := c.decoded[name]; len(missing) == 0 || done || c.same[name] {
			continue
		}
		src, _, err := c.r.blob(name)
		if err == nil && len(mentioned(src, missing)) > 0 {
			err = c.take(name, src)
		}
		if err != nil && !errors.Is(err, errTooLarge) {
			return err
		}
		c.note(c.decoded[name], missing)
	}
	return nil
}

// note takes what the base said of the missing drafts.
func (c *survey) note(drafts []spec.Draft, missing map[string]bool) {
	for _, d := range drafts {
		if missing[d.NotificationID] {
			c.change.Was[d.NotificationID] = d
			delete(missing, d.NotificationID)
		}
	}
}

func (c *survey) noteUnnamed(drafts []spec.Draft) {
	for _, d := range drafts {
		if d.NotificationID == "" {
			c.change.Unnamed = append(c.change.Unnamed, d)
		}
	}
}

// judge finds the files that are as they were. One that could not be read counts as such when it is
// what the base has and nobody could read there: a link, or what is too large.
func (c *survey) judge(ctx context.Context) error {
	for file, name := range c.names {
		c.change.outside[file] = c.same[name]
	}
	for _, d := range c.set.Diagnostics {
		file := d.Pos.File
		if _, known := c.change.outside[file]; known || d.Rule == "unreadable-file" {
			continue
		}
		name, _ := c.r.inTree(file, c.folders)
		there, ok := c.r.entries[name]
		if !ok {
			continue
		}
		if err := c.index(ctx); err != nil {
			return err
		}
		c.change.outside[file] = c.indexed[name] == there && len(c.decoded[name]) == 0
	}
	return nil
}

// miss finds the drafts that are gone. While a file of the change is at fault, nobody can tell what
// it holds.
func (c *survey) miss(ctx context.Context) error {
	here := map[string]bool{}
	for _, d := range c.set.Drafts {
		here[d.NotificationID] = true
	}
	gone := map[string]bool{}
	for name, drafts := range c.decoded {
		for _, d := range drafts {
			if d.NotificationID != "" && !here[d.NotificationID] && c.isAsked(name) {
				gone[d.NotificationID] = true
			}
		}
	}
	for _, d := range c.set.Diagnostics {
		if d.Severity == spec.Error && !c.change.outside[d.Pos.File] {
			return nil
		}
	}
	if err := c.seek(ctx, gone); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.decoded)) {
		for _, d := range c.decoded[name] {
			if gone[d.NotificationID] && c.isAsked(name) {
				d.Pos.File = c.typed(name)
				c.change.Removed = append(c.change.Removed, d)
				delete(gone, d.NotificationID)
			}
		}
	}
	return nil
}

// seek takes from those that are gone the drafts that only went to a file outside of the paths, as
// the index has it.
func (c *survey) seek(ctx context.Context, gone map[string]bool) error {
	if len(gone) == 0 {
		return nil
	}
	if err := c.index(ctx); err != nil {
		return err
	}
	for name, file := range c.indexed {
		if c.isAsked(name) || isHidden(name) || !c.r.mayHoldDrafts(name) || file == c.r.entries[name] {
			continue
		}
		staged := ":" + name // as Git calls it
		c.r.entries[staged] = file
		src, _, err := c.r.blob(staged)
		if err != nil && !errors.Is(err, errTooLarge) {
			return err
		}
		if len(mentioned(src, gone)) > 0 {
			for _, d := range spec.Decode(name, src, spec.Options{ReadCard: c.r.card}).Drafts {
				delete(gone, d.NotificationID)
			}
		}
	}
	return c.r.failed
}

// typed is how a name would be typed in the working directory.
func (c *survey) typed(name string) string {
	if typed, err := filepath.Rel(filepath.FromSlash(c.here), filepath.FromSlash(name)); err == nil {
		return filepath.ToSlash(typed)
	}
	return name
}

// index reads Git's index, once. What a sparse checkout leaves out is marked there.
func (c *survey) index(ctx context.Context) error {
	if c.indexed != nil {
		return nil
	}
	list, err := git{c.r.top, c.r.environ}.run(ctx, nil, "ls-files", "-s", "-t", "-z")
	if err != nil {
		return &baseError{err, ""}
	}
	var untagged strings.Builder
	for line := range strings.SplitSeq(list, "\x00") {
		tag, about, _ := strings.Cut(line, " ")
		if untagged.WriteString(about + "\x00"); tag == "S" {
			_, name, _ := strings.Cut(about, "\t")
			c.left[name] = true
		}
	}
	_, c.indexed = entries(untagged.String(), 1) // <mode> <id> <stage>
	return nil
}
