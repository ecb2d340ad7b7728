package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

const (
	// maxTokenFile is what is read of a NAME_FILE, more than any token has.
	maxTokenFile = 16 << 10
	// tokenFilePatience is how long reading it may take: a pipe may be that of a password
	// manager, which waits for its user.
	tokenFilePatience = time.Minute
)

var errIrregular = errors.New(notFileNorPipe)

// readTokenFile returns what a NAME_FILE setting names: a regular file, or a pipe that ends.
func readTokenFile(name string) ([]byte, error) {
	return readWithin(tokenFilePatience, func() ([]byte, error) { return readAtMost(maxTokenFile, name) })
}

// readWithin returns what read returns, unless that takes too long. It is then left to itself:
// a pipe that nobody writes to blocks whoever opens it, and nothing can call him off.
func readWithin(patience time.Duration, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		content []byte
		err     error
	}
	done := make(chan result, 1)
	go func() {
		content, err := read()
		done <- result{content, err}
	}()
	select {
	case r := <-done:
		return r.content, r.err
	case <-time.After(patience):
		return nil, fmt.Errorf(nothingCame, patience)
	}
}

// readAtMost returns the first bytes of a regular file or a pipe.
func readAtMost(size int64, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if kind := info.Mode().Type(); kind != 0 && kind != fs.ModeNamedPipe {
		return nil, errIrregular
	}
	return io.ReadAll(io.LimitReader(f, size))
}
