package spec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options is what Load and Decode need from the world around them.
type Options struct {
	// Dir is the working directory: relative paths start there, and no
	// push_content_file is opened outside it. "" is ".".
	Dir string
	// ReadCard, when given, reads a push_content_file in place of the file system, by
	// its slash-separated path from Dir: a draft of another Git revision has its card
	// there too. An error that is fs.ErrNotExist says that there is none. Load calls
	// it from several goroutines at once, and once for each name.
	ReadCard func(name string) ([]byte, error)
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Now is the time send_at is judged by; zero: it is not judged.
	Now time.Time
	// Severity changes rules by id. Fixed rules are not lowered by it.
	Severity map[string]Severity
	// Strict makes every warning an error, after Severity, but those of Clock rules.
	Strict bool
	// Guards are those of the team's file that drafts are judged by: LinkHosts and SendWindow.
	Guards Guards
	// Seen, when given, is told the bytes of every file that was read, draft files and card
	// files, under the name that diagnostics call it. It must not keep them. Load calls it from
	// several goroutines at once.
	Seen func(name string, src []byte)
	// Vacant, when given, says of a path whether it may lead to no draft, or be gone.
	Vacant func(path string) bool
	// Memory, when given, spares Load the decoding of what is as it was.
	Memory *Memory
}

// Set is what a set of files holds.
type Set struct {
	// Drafts are in the order of the files' names, and within a file as written.
	// Drafts with faults are there too, as far as they could be decoded.
	Drafts []Draft
	// Diagnostics are all there is to say, sorted.
	Diagnostics []Diagnostic
	// Files is how many files there were, standard input included.
	Files int
	// Read are the names for the operating system of the files, and of the cards that they name.
	Read []string
	// Cards are the card files by the names that drafts have for them; see Draft.CardFile. What
	// they lead to is called as in diagnostics.
	Cards map[string]string
}

// Tell adds diagnostics of other files.
func (s *Set) Tell(others []Diagnostic) {
	s.Diagnostics = append(s.Diagnostics, others...)
	sortDiagnostics(s.Diagnostics)
}

// Errors counts the diagnostics that are errors.
func (s Set) Errors() int {
	n := 0
	for _, d := range s.Diagnostics {
		if d.Level() == Error {
			n++
		}
	}
	return n
}

// Load reads the drafts in paths, files or directories, or "-" for standard
// input; no path is the working directory. In directories it takes every *.yaml
// and *.yml below that is not hidden (a name beginning with "."), in sorted
// order. A file that a draft names as its push_content_file is a card, not a
// draft. The Set is the same however many files are read at once.
//
// When ctx ends first, files not yet reached are missing from the Set; whoever
// ended ctx knows, and should not use it.
func Load(ctx context.Context, paths []string, opts Options) Set {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	l := &loader{decoder: newDecoder(opts), stdin: opts.Stdin, finder: find(opts, paths)}
	defer l.cards.close()
	l.files = make([]contents, len(l.sources))
	l.remember(opts.Memory)
	l.readAll(ctx)
	l.mendAll(ctx, patienceOfRun)
	l.leave(opts.Memory)
	set := l.join()
	set.Diagnostics = append(set.Diagnostics, duplicateIDs(set.Drafts)...)
	set.Diagnostics = append(set.Diagnostics, l.draftless(paths)...)
	set.settle(opts)
	return set
}

// loader reads what its finder found.
type loader struct {
	*decoder
	*finder
	stdin io.Reader
	files []contents // beside sources
}

// readAll reads the sources with as many workers as there are processors: the
// time goes into parsing. Each puts what it read at its source's index, so that
// the order is that of the names.
func (l *loader) readAll(ctx context.Context) {
	var next atomic.Int64
	var workers sync.WaitGroup
	var crash atomic.Pointer[string]
	for range min(runtime.GOMAXPROCS(0), len(l.sources)) {
		workers.Go(func() {
			defer func() {
				if value := recover(); value != nil {
					text := fmt.Sprintf("%v\n\n%s", value, debug.Stack())
					crash.CompareAndSwap(nil, &text)
				}
			}()
			var buffer bytes.Buffer // one file's bytes at a time; nothing keeps them
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(l.sources) {
					return
				}
				patience := 0
				if l.sources[i].isStdin() {
					patience = patienceOfFile // it is read but once
				}
				l.files[i] = l.read(l.sources[i], &buffer, &patience)
			}
		})
	}
	workers.Wait()
	if text := crash.Load(); text != nil {
		panic(*text) // where somebody can recover it; below its value stands where it came from
	}
}

// mendAll reads files again that are no YAML, one after the other, to tell their mistakes: as many as so many
// parsed bytes are enough for. Where there are very many, nobody reads what is said of all.
func (l *loader) mendAll(ctx context.Context, left int) {
	var buffer bytes.Buffer
	again := func(read func(patience *int)) {
		if left > 0 && ctx.Err() == nil {
			patience := min(left, patienceOfFile)
			left -= patience
			read(&patience)
			left += patience
		}
	}
	for i := range l.files {
		if l.files[i].broken && !l.sources[i].isStdin() {
			again(func(patience *int) { l.files[i] = l.read(l.sources[i], &buffer, patience) })
		}
	}
	for _, card := range l.cards.broken() {
		again(func(patience *int) { l.readCard(card, patience) })
	}
}

func (l *loader) read(s source, buffer *bytes.Buffer, patience *int) contents {
	buffer.Reset()
	err := l.fill(buffer, s)
	if err == nil {
		if !s.isStdin() {
			l.seen(s.name, buffer.Bytes())
		}
		return l.recall(s.name, buffer.Bytes(), patience)
	}
	f := l.newFile(s.name, nil)
	switch {
	case errors.Is(err, errLink):
		f.fault(firstPlace(), ruleDraftFile, linkNotFollowed).Hint = nameLink
	case errors.Is(err, errNotRegular):
		f.fault(firstPlace(), ruleDraftFile, notRegularFile)
	default:
		f.fault(firstPlace(), ruleUnreadableFile, asSaid, problemOf(err))
	}
	return f.contents
}

// fill reads a source. One that cannot be read to its end is not read at all.
func (l *loader) fill(buffer *bytes.Buffer, s source) error {
	if s.isStdin() {
		if l.stdin == nil {
			return nil
		}
		return readAll(buffer, l.stdin)
	}
	f, err := s.open()
	if err != nil {
		return err
	}
	defer f.Close() // read only
	return readAll(buffer, f)
}

// join puts the files together, leaving out those that are cards.
func (l *loader) join() Set {
	set := Set{Diagnostics: slices.Concat(l.finder.faults, l.cards.faults()), Cards: l.cards.files()}
	drafts := 0
	for i := range l.files {
		drafts += len(l.files[i].drafts)
	}
	set.Drafts = make([]Draft, 0, drafts)
	cards := l.cardPaths()
	set.Read = slices.Sorted(maps.Keys(cards))
	for i := range l.files {
		f := &l.files[i]
		if f.read {
			set.Files++
		}
		if name := l.key(l.sources[i]); f.read && name != "" {
			set.Read = append(set.Read, name)
		}
		if len(cards) == 0 || f.isDraft || !cards[l.key(l.sources[i])] {
			set.Drafts = append(set.Drafts, f.drafts...)
			set.Diagnostics = append(set.Diagnostics, f.faults...)
		}
		f.drafts = nil // there may be very many, and they are in the set now
	}
	return set
}

// cardPaths are the files that drafts name as their card.
func (l *loader) cardPaths() map[string]bool {
	paths := map[string]bool{}
	for name := range l.cards.known {
		paths[l.absolute(name)] = true
	}
	for key := range l.cards.cards {
		paths[l.absolute(key.name)] = true
	}
	return paths
}

// draftless faults the paths that led to nothing but empty files. A path with a card,
// with a file at fault or with one that was not reached is passed over.
func (l *loader) draftless(paths []string) []Diagnostic {
	passed := make([]bool, len(paths))
	for i := range l.files {
		f := &l.files[i]
		for _, arg := range l.sources[i].args {
			passed[arg] = passed[arg] || !f.read || f.documents > 0 || len(f.faults) > 0
		}
	}
	var faults []Diagnostic
	for arg, p := range paths {
		if passed[arg] || l.refused[arg] || l.vacant(p) {
			continue
		}
		fault := Diagnostic{Pos: firstPlace().in(filepath.ToSlash(filepath.Clean(p))), Rule: ruleDraftFile, Message: noDraftHere, Hint: lookForDrafts}
		if slices.ContainsFunc(l.sources, func(s source) bool { return s.folder == "" && !s.isStdin() && slices.Contains(s.args, arg) }) {
			fault.Message, fault.Hint = emptyFile, writeFields
		}
		faults = append(faults, fault)
	}
	return faults
}
