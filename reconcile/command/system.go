package command

import (
	"context"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"

	"notiform/reconcile/report"
)

// System runs what the process was started to do, with the process's own arguments, streams,
// environment, signals and clock, and returns the exit code. It is what main does, and what the
// pages of testdata/script run.
func System() int {
	// A run is short, and nearly all its garbage is what became of one file or one answer:
	// collecting it half as often saves more processor time than it costs memory (make bench).
	debug.SetGCPercent(200)
	log.SetOutput(io.Discard) // net/http would log pieces of answers, which may hold anything
	signals, quit := make(chan os.Signal, 3), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	signal.Notify(quit, syscall.SIGQUIT)
	// Without this a write to a pipe that nobody reads ends the process. With it the write fails,
	// which is told like any other. The signal itself is of no use.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ended := make(chan int, 1)
	go func() { ended <- Run(context.Background(), os.Args, system(signals)) }()
	select {
	case code := <-ended:
		return code
	case <-quit:
		sayWhere(os.Stderr)
		return report.ExitFault
	}
}

// system is the world as the process has it.
func system(signals <-chan os.Signal) Env {
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Environ: os.Environ, ConfigDir: os.UserConfigDir, ReadFile: readFile,
		Now: time.Now, Rand: rand.Float64, Signals: signals,
		IsTerminal: func(stream any) bool {
			f, ok := stream.(*os.File)
			return ok && term.IsTerminal(int(f.Fd()))
		},
		Columns: func(stream any) int {
			f, ok := stream.(*os.File)
			if !ok {
				return 0
			}
			columns, _, _ := term.GetSize(int(f.Fd())) // 0 beside an error
			return columns
		},
	}
}

// sayWhere says what every goroutine is doing, as the Go runtime does on SIGQUIT.
func sayWhere(stderr io.Writer) {
	say(stderr, quitBySignal)
	stacks := make([]byte, 1<<20)
	_, _ = stderr.Write(append(stacks[:runtime.Stack(stacks, true)], '\n'))
}
