package command

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// wholeFile is a new file of a folder, under the name that it has until it is whole.
type wholeFile struct {
	*os.File
	folder *os.Root
	name   string
}

// unnamed is what a file is called until it is whole; nothing takes it for a draft.
func unnamed(by string) string { return ".notiform-" + by }

func newFile(folder *os.Root, name string, mode fs.FileMode) (wholeFile, error) {
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	return wholeFile{f, folder, name}, err
}

// fill has write write the file, and has named give it its own name once it is on the disk. When it
// returns nil that name is there to stay, and otherwise nothing is left.
func (w wholeFile) fill(write, named func() error) error {
	err := write()
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err == nil {
		err = named()
	}
	if err != nil {
		return errors.Join(err, w.folder.Remove(w.name))
	}
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := w.folder.Open(".")
	if err != nil {
		return err
	}
	if err = folder.Sync(); errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // nor on some file systems
	}
	return errors.Join(err, folder.Close())
}
