package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// main gives the program to GitHub's runner. Only run outlives a signal: it hands it on to notiform
// and waits.
func main() {
	ctx, stop := context.Background(), func() {}
	if len(os.Args) != 2 || os.Args[1] != "run" {
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	}
	s := settings{
		getenv: os.Getenv, environ: os.Environ(), out: os.Stdout, now: time.Now,
		client: &http.Client{Timeout: time.Minute},
	}
	code, err := s.do(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Print(annotation("error", err.Error()))
		code = max(code, 1)
	}
	os.Exit(code)
}

func (s settings) do(ctx context.Context, args []string) (int, error) {
	if len(args) != 1 {
		return wrongUsage, errUsage
	}
	switch args[0] {
	case "find":
		return s.find(ctx)
	case "run":
		return s.run(ctx)
	case "tell":
		return s.tell(ctx)
	}
	return wrongUsage, errUsage
}
