//go:build unix

package pipelines_test

import (
	"os/exec"
	"syscall"
)

// inGroup has a command begin a group of processes, as a container is one.
func inGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup signals all that a command has started; those that are gone are none of it.
func signalGroup(leader int, s syscall.Signal) { _ = syscall.Kill(-leader, s) }
