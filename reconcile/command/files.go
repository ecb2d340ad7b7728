package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile writes a file that is either the old one or the whole new one, never half of it,
// and that only its owner can read: plans name people. What is there and is no file, such as
// /dev/stdout, is left alone: renaming a file over it would take it away from everybody.
func replaceFile(name string, data []byte) error {
	err := errNotRegular
	if info, missing := os.Stat(name); missing != nil || info.Mode().IsRegular() {
		err = replace(name, data)
	}
	if err != nil {
		return fmt.Errorf(fileNotWritten, name, reason(err))
	}
	return nil
}

var errNotRegular = errors.New(notRegular)

func replace(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".notiform-*") // created with 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
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
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		var b bytes.Buffer // one write: other steps may add to the same file
		if err = write(&b, int(info.Size())); err == nil {
			_, err = f.Write(b.Bytes())
		}
	}
	return errors.Join(err, f.Close())
}
