package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// replaceFile writes a file that is either the old one or the whole new one, never half of it,
// and that only its owner can read: plans name people.
func replaceFile(name string, data []byte) error {
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
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(f.Name()))
	}
	return nil
}
