package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"notiform/reconcile"
	"notiform/spec"
)

// team is what belongs to the team, as its file and --helpdesk say.
type team struct {
	helpdesk string // as typed
	here     string // the working directory
	folder   string // that the file is in: the root of the work tree, else the working directory
	name     string // of the file, from the working directory
	file     spec.Team
	faults   []spec.Diagnostic // of the file
	chosen   spec.Helpdesk     // the zero one for any
	all      bool              // none need be chosen where there are several
}

func (t *team) flags() []cli.Flag {
	return []cli.Flag{oneOf{&cli.StringFlag{Name: "helpdesk", Destination: &t.helpdesk, Usage: flagHelpdesk}, helpdesks}}
}

// helpdesks are the names that --helpdesk takes here.
func helpdesks(env Env) []string {
	var t team
	_ = t.read(env, true) // what is wrong is told when it matters
	return t.names()
}

// names are those of the helpdesks that the file has.
func (t *team) names() (names []string) {
	for _, h := range t.file.Helpdesks {
		names = append(names, h.Name)
	}
	return names
}

// read reads the team's file of the work tree and chooses the helpdesk. An error is of what was typed.
func (t *team) read(env Env, all bool) error {
	t.name, t.all = spec.TeamFile, all
	here, err := filepath.Abs(env.Dir)
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil { // nothing will be read here either, and that is told then
		return nil
	}
	t.here, t.folder = here, workTree(here)
	t.name = t.fromHere(spec.TeamFile)
	t.file, t.faults = spec.ReadTeam(t.folder, here)
	return t.choose()
}

// workTree is the root of the Git work tree that a folder is in, or else the folder.
func workTree(folder string) string {
	for at := folder; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}

// fromHere is a path from the folder of the file as it would be typed here.
func (t *team) fromHere(p string) string {
	name := filepath.Join(t.folder, filepath.FromSlash(p))
	if short, err := filepath.Rel(t.here, name); err == nil {
		name = short
	}
	return filepath.ToSlash(name)
}

func (t *team) choose() error {
	names := t.names()
	i := slices.Index(names, t.helpdesk)
	switch faulty := faultCode(spec.Set{Diagnostics: t.faults}) != 0; {
	case t.helpdesk == "" && len(names) == 1:
		i = 0
	case faulty && i < 0: // what it does not say may be what cannot be read
		return nil
	case t.helpdesk == "" && (t.all || len(names) == 0):
		return nil
	case t.helpdesk == "":
		return hinted{usage(whichHelpdesk, t.name, len(names)), fmt.Sprintf(hintWhichHelpdesk, strings.Join(names, ", "))}
	case len(names) == 0:
		return hinted{usage(noHelpdesks, t.helpdesk, t.name), hintNoHelpdesks}
	case i < 0:
		err := usage(isNoneOf, "helpdesk", t.helpdesk, strings.Join(names, ", "))
		if near := spec.Nearest(t.helpdesk, names); near != "" {
			return hinted{err, fmt.Sprintf(hintHelpdesk, near)}
		}
		return err
	}
	t.chosen = t.file.Helpdesks[i]
	return nil
}

// paths are the paths to read: those that were typed or, if there are none, those of the helpdesk or of
// all helpdesks, or else the working directory. Drafts of another helpdesk are not to be typed.
func (t *team) paths(env Env, typed []string) ([]string, error) {
	if t.all { // a commit hook names what was changed
		own := placeOf(filepath.Join(t.folder, spec.TeamFile))
		typed = slices.DeleteFunc(slices.Clone(typed), func(p string) bool { return p != "-" && placeOf(inDir(env.Dir, p)).is(own) })
	}
	if len(typed) > 0 {
		return typed, t.owns(env, typed)
	}
	helpdesks := t.file.Helpdesks
	if t.chosen.Name != "" {
		helpdesks = []spec.Helpdesk{t.chosen}
	}
	var paths []string
	if len(helpdesks) == 0 {
		paths = []string{"."}
	}
	for _, h := range helpdesks {
		for _, p := range h.Paths {
			paths = append(paths, t.fromHere(p))
		}
		if len(h.Paths) == 0 {
			paths = append(paths, ".")
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// owns refuses a path that is of another helpdesk than the chosen one: its drafts are not there.
func (t *team) owns(env Env, typed []string) error {
	for _, p := range typed {
		at := placeOf(inDir(env.Dir, p)).name
		if t.chosen.Name == "" || p == "-" || len(t.chosen.Paths) == 0 || t.within(at, t.chosen) {
			continue
		}
		for _, h := range t.file.Helpdesks {
			if h.Name != t.chosen.Name && (t.within(at, h) || t.holds(at, h)) {
				return hinted{usage(otherHelpdesksPath, p, h.Name, t.chosen.Name), fmt.Sprintf(hintOtherHelpdesksPath, h.Name, t.chosen.Name)}
			}
		}
	}
	return nil
}

// within reports whether a path is one of a helpdesk's, or below one; holds whether it has one below.
func (t *team) within(at string, h spec.Helpdesk) bool {
	return slices.ContainsFunc(h.Paths, func(p string) bool { return isAtOrBelow(at, placeOf(filepath.Join(t.folder, p)).name) })
}

func (t *team) holds(at string, h spec.Helpdesk) bool {
	return slices.ContainsFunc(h.Paths, func(p string) bool { return isAtOrBelow(placeOf(filepath.Join(t.folder, p)).name, at) })
}

func isAtOrBelow(name, folder string) bool {
	within, err := filepath.Rel(folder, name)
	return err == nil && filepath.IsLocal(within)
}

// accepts holds the settings against the chosen helpdesk, unless a stand-in answers.
func (t *team) accepts(h reconcile.Helpdesk, standIn bool) error {
	switch {
	case standIn:
		return nil
	case t.chosen.HelpdeskID != "" && t.chosen.HelpdeskID != h.HelpdeskID:
		return hinted{refuse(otherHelpdeskID, h.HelpdeskID, t.chosen.HelpdeskID, t.chosen.Name, t.name), hintOtherSettings}
	case t.chosen.BaseURL != "" && !sameAddress(t.chosen.BaseURL, h.BaseURL):
		return hinted{refuse(otherBaseURL, h.BaseURL, t.chosen.BaseURL, t.chosen.Name, t.name), hintOtherSettings}
	}
	return nil
}

// sameAddress compares two base URLs as a server would.
func sameAddress(a, b string) bool {
	plain := func(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "/"), ":443") }
	return strings.EqualFold(plain(a), plain(b))
}

// judgeBy takes rules and guards from the file as a revision has it: those of the work tree do not
// count then.
func (t *team) judgeBy(src []byte, revision string) error {
	there, faults := spec.DecodeTeam(fmt.Sprintf(fileAtRevision, revision, spec.TeamFile), src)
	t.file.Rules, t.file.Guards = there.Rules, there.Guards
	for _, d := range faults {
		if d.Severity == spec.Error {
			return teamFaulty(revision, d)
		}
	}
	return nil
}

// teamFaulty refuses to go on without rules and guards.
func teamFaulty(revision string, why any) error {
	return hinted{refuse(teamFaultyThere, why), fmt.Sprintf(hintTeamFaultyThere, revision)}
}
