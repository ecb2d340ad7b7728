package command

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress tells on stderr how far a long run is: one line that is rewritten on a terminal, a
// line every half minute in a log. A run that is over sooner says nothing.
type progress struct {
	w        io.Writer
	terminal bool
	doing    string        // "reading drafts"
	least    time.Duration // how long the run takes at least under the limits
	began    time.Time

	mu          sync.Mutex
	done, total int
	seen        bool // something is on the terminal's line
	stop        chan struct{}
	over        sync.WaitGroup
}

const (
	terminalEvery = time.Second
	logEvery      = 30 * time.Second
)

// startProgress begins to tell of a run that takes at least so long; the caller calls finish.
func startProgress(env Env, doing string, total int, least time.Duration) *progress {
	p := &progress{
		w: env.Stderr, terminal: env.IsTerminal(env.Stderr) && env.movesCursor(), doing: doing, least: least, began: time.Now(),
		total: total, stop: make(chan struct{}),
	}
	every := logEvery
	if p.terminal {
		every = terminalEvery
	}
	ticker := time.NewTicker(every)
	p.over.Add(1)
	env.background(func() {
		defer p.over.Done()
		defer ticker.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-ticker.C:
				p.say()
			}
		}
	})
	return p
}

// tell is a reconcile.Options.Tell.
func (p *progress) tell(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
}

func (p *progress) say() {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf(howFar, p.doing, p.done, p.total)
	if left := (p.least - time.Since(p.began)).Round(time.Second); left > 0 {
		text = fmt.Sprintf(howFarAndLong, p.doing, p.done, p.total, left)
	}
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[Knotiform: %s", text)
		p.seen = true
		return
	}
	say(p.w, "%s", text)
}

// finish ends the telling and clears the terminal's line.
func (p *progress) finish() {
	close(p.stop)
	p.over.Wait()
	if p.seen {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// leastTime is how long n requests take at least under a limit a minute: the first perMinute go
// at once, and each further such group waits for a minute to pass. 0 is no limit.
func leastTime(n, perMinute int) time.Duration {
	if n <= 0 || perMinute <= 0 {
		return 0
	}
	return time.Duration((n-1)/perMinute) * time.Minute
}
