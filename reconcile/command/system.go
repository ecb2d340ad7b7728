package command

import (
	"context"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"
)

// System runs what the process was started to do, with the process's own arguments, streams,
// environment, signals and clock, and returns the exit code. It is what main does, and what the
// pages of testdata/script run.
func System() int {
	// A run is short, and nearly all its garbage is what became of one file or one answer:
	// collecting it half as often saves more processor time than it costs memory (make bench).
	debug.SetGCPercent(200)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return Run(context.Background(), os.Args, Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Environ: os.Environ, ReadFile: os.ReadFile,
		Now: time.Now, Rand: rand.Float64, Signals: signals,
		IsTerminal: func(stream any) bool {
			f, ok := stream.(*os.File)
			return ok && term.IsTerminal(int(f.Fd()))
		},
	})
}
