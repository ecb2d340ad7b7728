package spec

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"
)

var (
	errNotRegular = errors.New(notRegularFile)
	errLink       = errors.New(linkNotFollowed)
	errTooLarge   = errors.New("oversized") // never shown: it has sentences of its own
)

// readOnly opens without waiting: a pipe would wait for somebody to write to it.
const readOnly = os.O_RDONLY | syscall.O_NONBLOCK

// openNamed opens the regular file that a path leads to, over links or not.
func openNamed(path string) (*os.File, error) {
	return regular(os.OpenFile(path, readOnly, 0))
}

// openWithin opens a regular file in a folder, over links that stay there or not.
func openWithin(folder *os.Root, name string) (*os.File, error) {
	return regular(folder.OpenFile(name, readOnly, 0))
}

// openFound opens a regular file that was found in a folder, and follows no link to it.
// What stands there now must be what was opened: it may have been replaced since.
func openFound(folder *os.Root, name string) (*os.File, error) {
	f, err := openWithin(folder, name)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil {
		there, gone := folder.Lstat(name)
		if err = gone; err == nil && !os.SameFile(opened, there) {
			err = errLink
		}
	}
	return orClosed(f, err)
}

// regular passes on a file that was opened, if it is a regular one: what was looked at
// before may have been another.
func regular(f *os.File, err error) (*os.File, error) {
	if errors.Is(err, syscall.ENXIO) { // as for sockets, which cannot be opened
		return nil, errNotRegular
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	return orClosed(f, err)
}

func orClosed(f *os.File, err error) (*os.File, error) {
	if err != nil {
		_ = f.Close() // read only
		return nil, err
	}
	return f, nil
}

// readAll reads to the end; of what is too large, a byte more than maxFile.
func readAll(buffer *bytes.Buffer, r io.Reader) error {
	_, err := buffer.ReadFrom(io.LimitReader(r, maxFile+1))
	return err
}

// contentOf is what a file that was opened holds, as far as readAll reads it. It is closed.
func contentOf(f *os.File, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	var buffer bytes.Buffer
	err = readAll(&buffer, f)
	return buffer.Bytes(), err
}
