package history

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// conversation is a git that runs on, and answers what it is asked.
type conversation struct {
	cmd     *exec.Cmd // nil once it has ended
	ask     io.WriteCloser
	answers *bufio.Reader
	stderr  answer
}

func (c *conversation) start(cmd *exec.Cmd) (err error) {
	cmd.Stderr = &c.stderr
	if c.ask, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	c.answers = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf(gitFailed, subcommand(cmd), err)
	}
	c.cmd = cmd
	return nil
}

func (c *conversation) close() error {
	if c.cmd == nil {
		return nil
	}
	err := c.ask.Close()
	if _, drained := io.Copy(io.Discard, c.answers); drained != nil {
		err = errors.Join(err, drained)
	}
	if waited := c.cmd.Wait(); waited != nil {
		err = fmt.Errorf(gitFailed, subcommand(c.cmd), withWords(waited, c.stderr.buffer.Bytes()))
	}
	c.cmd = nil
	return err
}

// subcommand is the name of what git was told to do.
func subcommand(cmd *exec.Cmd) string { return cmd.Args[1+len(settings())] }
