package command_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// build builds a program, notiform as users run it or what it is measured with.
func build(b *testing.B, pkg string) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), filepath.Base(pkg))
	if out, err := exec.Command("go", "build", "-trimpath", "-o", path, pkg).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return path
}

// process is one finished run of a program.
type process struct {
	Wall, CPU time.Duration
	Peak      float64 // resident memory in MB
	Code      int
	Output    string
}

// program is something to run and what it prints when it has done its work.
type program struct {
	name, path string
	args       []string
	want       string // how its output begins
}

// run measures one run with the loop program and checks what it did.
func (p program) run(b *testing.B, loop string, environ []string) process {
	b.Helper()
	cmd := exec.Command(loop, append([]string{"measure", p.path}, p.args...)...)
	cmd.Env = append(os.Environ(), environ...)
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var done process
	if err := json.Unmarshal(out, &done); err != nil {
		b.Fatalf("%v in %s", err, out)
	}
	if done.Code != 0 || !strings.HasPrefix(done.Output, p.want) {
		b.Fatalf("%s exited with %d and said %q, want %q", p.name, done.Code, done.Output, p.want)
	}
	return done
}

// race runs the programs in turn, rounds times, so that whatever else the machine does meets all
// alike. It reports each one's medians, and the medians of the first one's part in the others'.
func race(b *testing.B, loop string, rounds int, environ []string, programs ...program) {
	b.Helper()
	runs := make([][]process, len(programs))
	for b.Loop() {
		for range rounds {
			for i, p := range programs {
				runs[i] = append(runs[i], p.run(b, loop, environ))
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of all of them together, which is of no interest
	wall := func(p process) float64 { return float64(p.Wall) / 1e6 }
	cpu := func(p process) float64 { return float64(p.CPU) / 1e6 }
	for i, p := range programs {
		b.ReportMetric(medianOf(runs[i], wall), p.name+"-ms")
		b.ReportMetric(medianOf(runs[i], cpu), p.name+"-cpu-ms")
		b.ReportMetric(slices.MaxFunc(runs[i], func(x, y process) int { return int(x.Peak - y.Peak) }).Peak, p.name+"-peak-MB")
		if i > 0 {
			b.ReportMetric(medianRatio(runs[0], runs[i], wall), "time-vs-"+p.name)
			b.ReportMetric(medianRatio(runs[0], runs[i], cpu), "cpu-vs-"+p.name)
		}
	}
}

func medianOf(runs []process, figure func(process) float64) float64 {
	all := make([]float64, len(runs))
	for i, r := range runs {
		all[i] = figure(r)
	}
	return median(all)
}

func medianRatio(a, b []process, figure func(process) float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = figure(a[i]) / figure(b[i])
	}
	return median(ratios)
}

func median(all []float64) float64 {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
