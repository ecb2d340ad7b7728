package command

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

func versionCommand(env Env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: aboutVersion, UsageText: exampleVersion,
		Action: printing(env, func(c *cli.Context) error {
			_, err := fmt.Fprintf(env.Stdout, versionIs, c.App.Version)
			return err
		}),
	}
}

// build is what a binary was built from. What is not known is "".
type build struct{ version, commit, date string }

// thisBuild is that of the process.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return buildOf(info, revision)
}

// revision is filled in by git archive, and only by that: see .gitattributes.
//
//go:embed revision.txt
var revision string

var (
	archivedForm = regexp.MustCompile(`^([0-9a-f]{40,64}) (\d{4}-\S+T\S+) (?:(v\d\S*)|\S*)\n$`)
	pseudoForm   = regexp.MustCompile(`[-.](\d{14})-([0-9a-f]{12})(?:\+\w+)?$`)
)

const pseudoTime = "20060102150405"

// buildOf reads what Go stamped into a binary, and what stands in revision. The latter counts for
// more: an archive may have been unpacked in the work tree of something else, and be stamped with
// that. A version that Go made up of a commit names it, also where Go stamped nothing else: in a
// module from a proxy.
func buildOf(info *debug.BuildInfo, revision string) build {
	if m := archivedForm.FindStringSubmatch(revision); m != nil {
		at, err := time.Parse(time.RFC3339, m[2])
		if at = at.UTC(); err == nil {
			made := "v0.0.0-" + at.Format(pseudoTime) + "-" + m[1][:12] // as Go does where there is no tag
			return build{cmp.Or(m[3], made), m[1], at.Format(time.RFC3339)}
		}
	}
	b := build{version: strings.Trim(info.Main.Version, "()")}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.time":
			b.date = s.Value
		}
	}
	if m := pseudoForm.FindStringSubmatch(b.version); m != nil {
		at, _ := time.Parse(pseudoTime, m[1]) // which the form nearly makes sure of
		b.commit, b.date = cmp.Or(b.commit, m[2]), cmp.Or(b.date, at.Format(time.RFC3339))
	}
	b.version = cmp.Or(b.version, "devel")
	return b
}

// String is what version and --version print, after the name.
func (b build) String() string {
	return fmt.Sprintf(versionText, b.version, cmp.Or(b.commit, "unknown"), cmp.Or(b.date, "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// version is the version alone, for reports and the User-Agent.
func version() string { return thisBuild().version }
