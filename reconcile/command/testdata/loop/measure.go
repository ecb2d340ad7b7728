package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// process is one finished run of a program.
type process struct {
	Wall, CPU time.Duration
	Peak      float64 // resident memory in MB
	Code      int
	Output    string
}

// measure stands between the benchmark and what it runs because on Linux a process inherits the
// peak of the one that starts it, and a benchmark is large.
func measure(args []string) {
	cmd := exec.Command(args[0], args[1:]...)
	began := time.Now()
	out, _ := cmd.CombinedOutput() // what went wrong is in the code and the output
	took, state := time.Since(began), cmd.ProcessState
	must(json.NewEncoder(os.Stdout).Encode(process{
		took, state.UserTime() + state.SystemTime(), peak(state), state.ExitCode(), string(out),
	}))
}

// peak is the most memory that was resident, in MB; 0 where the system does not tell.
func peak(state *os.ProcessState) float64 {
	var usage struct{ Maxrss float64 } // of a syscall.Rusage, which not every system has
	src, err := json.Marshal(state.SysUsage())
	must(err)
	must(json.Unmarshal(src, &usage))
	if runtime.GOOS == "darwin" {
		return usage.Maxrss / (1 << 20)
	}
	return usage.Maxrss / (1 << 10)
}
