//go:build !unix

package command

import "errors"

// mkfifo fails: there are no named pipes among the files here.
func mkfifo(string) error { return errors.ErrUnsupported }
