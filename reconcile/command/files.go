package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"notiform/reconcile"
)

// replaceFile writes a file that is either the old one or the whole new one, never half of it,
// and that only its owner can read: plans name people. A link stays a link, and leads to the new
// file. What is there and is no file, such as /dev/stdout, is left alone: renaming a file over it
// would take it away from everybody. A file that cannot be replaced, as it is mounted by itself or
// its directory belongs to others, is written in place.
func replaceFile(name string, data []byte) error {
	info, missing := os.Stat(name)
	target, err := followed(name)
	switch {
	case missing == nil && !info.Mode().IsRegular():
		err = errNotRegular
	case missing != nil && !errors.Is(missing, fs.ErrNotExist):
		err = missing
	case err == nil:
		err = replace(target, func(f wholeFile) error {
			_, err := f.Write(data)
			return err
		}, func(*os.Root) error { return nil })
	}
	if missing == nil && cannotReplace(err) {
		err = overwrite(name, data)
	}
	if err != nil {
		return fmt.Errorf(fileNotWritten, name, reason(err))
	}
	return nil
}

var errNotRegular = errors.New(notRegular)

// replace gives a name to a new file that only its owner can read, unless write changes that, once it is
// whole and ready lets it.
func replace(name string, write func(wholeFile) error, ready func(folder *os.Root) error) error {
	folder, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer folder.Close() // nothing is written by it
	f, err := newFile(folder, unnamed(rand.Text()), 0o600)
	if err != nil {
		return err
	}
	return f.fill(func() error { return write(f) }, func() error {
		if err := ready(folder); err != nil {
			return err
		}
		return folder.Rename(f.name, filepath.Base(name))
	})
}

// cannotReplace reports whether it is the name that cannot be given to another file, whatever may be
// written into the one that has it.
func cannotReplace(err error) bool {
	return slices.ContainsFunc([]syscall.Errno{syscall.EBUSY, syscall.EXDEV, syscall.EROFS, syscall.EPERM, syscall.EACCES},
		func(e syscall.Errno) bool { return errors.Is(err, e) })
}

// overwrite writes into a file that is there. If that fails half way it is neither the old one nor
// the new one, and is said to be.
func overwrite(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Truncate(int64(len(data)))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return hinted{fmt.Errorf(halfWritten, reason(err)), hintHalfWritten}
	}
	return nil
}

// writeHint is what to do when a file could not be written.
func writeHint(err error) string {
	switch known := reconcile.NewFault(err); {
	case known.Hint != "":
		return known.Hint
	case errors.Is(err, errNotRegular):
		return hintNameFile
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return hintNoDirectory
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS):
		return hintNoRight
	default:
		return hintElseWritten
	}
}

// reason is what the system said, without the name of a file that was there only in between.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

// appendFile adds to a file what write makes, which is told how many bytes the file holds.
func appendFile(name string, write func(w io.Writer, size int) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf(fileNotWritten, name, errNotRegular) // opening a pipe would wait for a reader
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf(fileNotWritten, name, reason(err))
	}
	info, err := f.Stat()
	if err == nil {
		var b bytes.Buffer // one write: other steps may add to the same file
		if err = write(&b, int(info.Size())); err == nil {
			_, err = f.Write(b.Bytes())
		}
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf(fileNotWritten, name, reason(err))
	}
	return nil
}

const (
	// maxInput is how many bytes a plan file may have: a plan of ten thousand drafts that all
	// differ has about half as many.
	maxInput = 128 << 20
	// maxTokenFile is what is read of a NAME_FILE, more than any token has.
	maxTokenFile = 16 << 10
)

// read reads a file that was typed, which may be a pipe that never ends.
func (env Env) read(ctx context.Context, name string) ([]byte, error) {
	return leaving(ctx, 0, func() ([]byte, error) { return env.ReadFile(inDir(env.Dir, name)) })
}

// readOrStdin is read, of standard input where that is what was typed.
func (env Env) readOrStdin(ctx context.Context, name string) ([]byte, error) {
	if name != "-" {
		return env.read(ctx, name)
	}
	return leaving(ctx, 0, func() ([]byte, error) { return io.ReadAll(io.LimitReader(env.Stdin, maxInput)) })
}

// readFile reads a plan file, or a pipe with one to its end.
func readFile(name string) ([]byte, error) {
	data, err := readAtMost(name, maxInput+1)
	if err == nil && len(data) > maxInput {
		err = &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	return data, err
}

// readTokenFile reads what a NAME_FILE setting names, as far as a token may be long: that what was
// read is too long for one shows then.
func readTokenFile(name string) ([]byte, error) { return readAtMost(name, maxTokenFile) }

// readAtMost reads the first bytes of a regular file or a pipe, and of nothing else: devices may
// never end, and some act on being opened.
func readAtMost(name string, most int64) ([]byte, error) {
	if err := readable(os.Stat(name)); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	if err := readable(f.Stat()); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return io.ReadAll(io.LimitReader(f, most))
}

var errTooLarge = fmt.Errorf(fileTooLarge, maxInput>>20)

// readable faults what is neither a file nor a pipe.
func readable(info fs.FileInfo, err error) error {
	switch {
	case err != nil:
		return reason(err)
	case info.Mode().IsRegular() || info.Mode()&fs.ModeNamedPipe != 0:
		return nil
	default:
		return errNotRegular
	}
}
