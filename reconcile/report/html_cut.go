package report

import (
	"fmt"
	"strings"

	"notiform/spec"
)

// A page has no limit of a forge, but a browser has to open it. It takes sections in full until these bytes are
// full, then their heads alone, and then none.
const (
	mostInFull = 4_500_000
	mostHeads  = 3_000_000
	mostTries  = 20  // sections that did not fit, after which nobody draws one in full
	mostFaults = 500 // of files
	mostGone   = 100 // drafts that no file has any more
)

// cutter counts what a page has no room for.
type cutter struct {
	inFull, heads       int // how much room there is
	headsOnly, unlisted int // how many are not there in full, or not at all
}

// isFull reports whether no section is there in full any more.
func (c *cutter) isFull() bool { return c.headsOnly+c.unlisted >= mostTries }

// draft is as much of a section as there is room for, or nil.
func (c *cutter) draft(h htmlDraft) *htmlDraft {
	if size := h.size(); !c.isFull() && size <= c.inFull {
		c.inFull -= size
		return &h
	}
	h.Members, h.Before, h.After, h.Fields, h.Lines = nil, "", "", nil, nil
	h.Notes = append(h.Notes, leftOutHere)
	if size := h.size(); size > c.heads {
		c.unlisted++
		return nil
	}
	c.heads -= h.size()
	c.headsOnly++
	return &h
}

// size is about how many bytes a section has in the page.
func (h htmlDraft) size() int {
	n := 400 + len(h.Title) + len(h.Before) + len(h.After)
	for _, list := range [][]string{h.Notes, h.Members} {
		for _, text := range list {
			n += 30 + len(text)
		}
	}
	for _, list := range [][]htmlLine{h.Minds, h.Fields, h.Lines} {
		for _, l := range list {
			n += 30 + len(l.Text)
		}
	}
	return n
}

// said says what is left out, and where it is; "" if nothing is.
func (c *cutter) said(r Run) string {
	var out []string
	for _, left := range []struct {
		n         int
		one, many string
	}{
		{c.headsOnly, oneHeadOnly, manyHeadsOnly}, {c.unlisted, oneNotThere, manyNotThere},
		{max(0, r.count(spec.Error)+r.count(spec.Warning)-mostFaults), oneFaultLess, manyFaultsLess},
		{max(0, len(r.Removed)-mostGone), oneGoneLess, manyGoneLess},
	} {
		if left.n > 0 {
			out = append(out, counted(left.n, left.one, left.many))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return fmt.Sprintf(pageCutBy, strings.Join(out, "; "), elsewhere(r, exactAll))
}

func exactAll(files []string) string {
	shown := make([]string, len(files))
	for i, f := range files {
		shown[i] = exact(f)
	}
	return strings.Join(shown, ", ")
}
