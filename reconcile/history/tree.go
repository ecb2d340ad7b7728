package history

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"
)

// comparison is of a commit with one of its parents, tree by tree. Equal trees are not gone into.
// Git's own diff-tree would keep all that it finds before it says any of it, and trees that hold each
// other many times have no end.
type comparison struct {
	*walk
	commit string
	edits  map[string]edit
	left   int // how much more is looked through
}

// compare compares two trees, each by what Git finds it by, or "" for none. folder is "", or the
// name of a folder with its slash.
func (c *comparison) compare(old, new, folder string) error {
	if old == new {
		return nil
	}
	was, err := c.tree(old, folder, c.commit)
	if err != nil {
		return err
	}
	is, err := c.tree(new, folder, c.commit)
	for err == nil && (len(was) > 0 || len(is) > 0) {
		a := c.first(was)
		if a.size > 0 && bytes.HasPrefix(is, was[:a.size]) { // nearly all of them
			was, is = was[a.size:], is[a.size:]
			continue
		}
		b := c.first(is)
		switch {
		case b.size == 0 || a.size > 0 && a.key() < b.key():
			b = item{}
			err = c.note(a, b, folder)
		case a.size == 0 || b.key() < a.key():
			a = item{}
			err = c.note(a, b, folder)
		default:
			err = c.note(a, b, folder)
		}
		was, is = was[a.size:], is[b.size:]
		if bytes.Equal(was, is) { // as a rule, behind the one file that a commit changed
			break
		}
	}
	return err
}

// note takes up what became of one item, and goes into a folder.
func (c *comparison) note(a, b item, folder string) error {
	if c.left--; c.left < 0 {
		return fmt.Errorf(commitTooLarge, c.commit, maxEdits)
	}
	name := folder + string(a.name)
	if a.size == 0 {
		name = folder + string(b.name)
	}
	switch {
	case a.isFolder() || b.isFolder():
		return c.compare(a.folder(), b.folder(), name+"/")
	case !c.wants(name):
		return nil
	}
	if c.walk.left--; c.walk.left < 0 {
		return fmt.Errorf(historyTooLarge, maxEdits)
	}
	c.edits[name] = edit{a.content(), b.content()}
	return nil
}

// item is one of a tree: a file, a folder, a link or another repository.
type item struct {
	mode, name, id []byte
	size           int // of the item itself; 0 is none
}

// first is the first item of a tree: <mode>, a space, the name, a zero byte and the id.
func (c *comparison) first(tree []byte) item {
	end := bytes.IndexByte(tree, 0)
	size := end + 1 + len(c.commit)/2
	if end < 0 || size > len(tree) {
		return item{size: len(tree)} // cut off; Git refuses such a tree
	}
	mode, name, _ := bytes.Cut(tree[:end], []byte(" "))
	return item{mode, name, tree[end+1 : size], size}
}

func (i item) isFolder() bool { return string(i.mode) == "40000" }

// key is what the items of a tree are in order of.
func (i item) key() string {
	if i.isFolder() {
		return string(i.name) + "/"
	}
	return string(i.name)
}

func (i item) folder() string {
	if !i.isFolder() {
		return ""
	}
	return hex.EncodeToString(i.id)
}

// content is the id of a regular file's content.
func (i item) content() string {
	if !strings.HasPrefix(string(i.mode), "100") {
		return ""
	}
	return hex.EncodeToString(i.id)
}

// treeCache holds the trees that were read last: the next commit is compared with most of them again.
type treeCache struct {
	held  map[string][]byte
	order []string
	size  int
}

// maxTrees is how many bytes of trees are held, but for the last two.
const maxTrees = 8 << 20

// tree is a tree as Git keeps it; that of "" is empty.
func (w *walk) tree(asked, folder, commit string) ([]byte, error) {
	c, folder := &w.trees, cmp.Or(folder, topFolder)
	if src, held := c.held[asked]; held || asked == "" {
		return src, nil
	}
	kind, src, err := w.object(asked, folder, commit)
	if err == nil && kind != "tree" {
		err = w.lost(folder, commit, fmt.Errorf(gitAnswers, kind))
	}
	if err != nil {
		return nil, err
	}
	if c.held == nil {
		c.held = map[string][]byte{}
	}
	c.held[asked] = src
	c.order = append(c.order, asked)
	for c.size += len(src); c.size > maxTrees && len(c.order) > 2; c.order = c.order[1:] {
		c.size -= len(c.held[c.order[0]])
		delete(c.held, c.order[0])
	}
	return src, nil
}
