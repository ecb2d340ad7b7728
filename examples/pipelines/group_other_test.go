//go:build !unix

package pipelines_test

import (
	"os/exec"
	"syscall"
)

// The recipes are for runners that have a POSIX shell, and so are their tests.
func inGroup(*exec.Cmd)               {}
func signalGroup(int, syscall.Signal) {}
