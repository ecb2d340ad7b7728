package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones by name, also where the system has none
	"unicode"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

// importing are the options of import.
type importing struct {
	planning
	from, into, zone, userIDType, schema string
	force, update                        bool
}

func importCommand(env Env) *cli.Command {
	var o importing
	o.writeRate = feishu.WriteLimit // nothing is written
	return &cli.Command{
		Name: "import", Usage: aboutImport, UsageText: exampleImport, ArgsUsage: "ID ...|--update [PATH ...]", Description: storyImport,
		Flags: slices.Concat(o.outputs.flags("import"), []cli.Flag{
			&cli.StringFlag{Name: "from", Destination: &o.from, Usage: flagFrom},
			&cli.StringFlag{Name: "out", Value: ".", Destination: &o.into, Usage: flagInto},
			&cli.BoolFlag{Name: "force", Destination: &o.force, Usage: flagForce},
			&cli.StringFlag{Name: "zone", Value: "Asia/Shanghai", Destination: &o.zone, Usage: flagZone},
			choice("user-id-type", &o.userIDType, flagUserIDType, string(spec.OpenID), string(spec.UnionID), string(spec.UserID)),
			&cli.StringFlag{Name: "schema", Destination: &o.schema, Usage: flagSchema},
		}, o.team.flags(), o.ofUpdate(), o.server.readingFlags()),
		Action: func(c *cli.Context) error {
			if err := o.agree(c); err != nil {
				return err
			}
			if o.update {
				return updateFiles(c, env, &o)
			}
			return importDrafts(c, env, &o)
		},
	}
}

func importDrafts(c *cli.Context, env Env, o *importing) error {
	return o.attended(c.Context, env, o.timeout, stoppingImport, func(soft, _ context.Context, run *report.Run) error {
		if err := o.settle(c, env); err != nil {
			return err
		}
		return o.take(soft, env, c.Args().Slice(), run)
	})
}

// settle chooses the helpdesk and, where --out does not, the folder: the first that the helpdesk has.
func (o *importing) settle(c *cli.Context, env Env) error {
	if err := o.team.read(env, false); err != nil {
		return err
	}
	if paths := o.team.chosen.Paths; len(paths) > 0 && !c.IsSet("out") {
		o.into = o.team.fromHere(paths[0])
	}
	return o.team.owns(env, []string{o.into})
}

// take imports what is asked for. An error ended the run before anything was asked of the helpdesk.
func (o *importing) take(ctx context.Context, env Env, args []string, run *report.Run) error {
	if len(args) == 0 && o.from == "" {
		return hinted{usage(noIDs), hintIDs}
	}
	zone, err := zoneNamed(o.zone)
	if err != nil {
		return err
	}
	if err := o.checkFiles(env, slices.Concat(o.listFiles(), []string{o.into, o.team.name}, settingFiles(env))); err != nil {
		return err
	}
	wanted, err := o.wanted(ctx, env, args)
	if err == nil {
		err = o.connect(ctx, env)
	}
	if err != nil {
		return err
	}
	files, err := o.open(ctx, env)
	if err != nil {
		return err
	}
	defer files.close()
	files.prepare(wanted)
	telling := startProgress(env, readingNotifications, len(wanted.ids), leastTime(len(wanted.ids), o.readRate))
	m := reconcile.MakeImport(ctx, o.client, o.helpdesk, wanted.ids, reconcile.ImportOptions{
		Options:    reconcile.Options{Parallelism: o.parallelism, Tell: telling.tell},
		UserIDType: spec.UserIDType(o.userIDType), Zone: zone, Refused: wanted.refused, Write: files.write,
	})
	telling.finish()
	o.report(ctx, env, m, files.diagnostics(), run)
	return nil
}

// report notes what an import came to.
func (o *importing) report(ctx context.Context, env Env, m reconcile.Import, found []spec.Diagnostic, run *report.Run) {
	_ = report.DiagnosticsText(env.Stderr, found, o.style(env, env.Stderr)) // who closed stderr wants none of it
	run.Import, run.Plan, run.Diagnostics, run.Now = &m, m.Plan, found, env.Now()
	*run = o.ended(env, *run, m.Error)
	run.ExitCode = worst(run.ExitCode, faultCode(spec.Set{Diagnostics: found}),
		when(m.Summary.Failed+m.Summary.NotRead > 0, report.ExitFailed), planCode(*m.Plan, false, interrupted(ctx)))
}

// wanted are the ids to import, each once, and those that are not asked for, with why.
type wanted struct {
	ids     []string
	refused map[string]error
}

// notificationID is what an id looks like.
var notificationID = regexp.MustCompile(`^[0-9]+$`)

func (o *importing) wanted(ctx context.Context, env Env, args []string) (wanted, error) {
	w, named := wanted{refused: map[string]error{}}, map[string]int{}
	add := func(id string, fault func(id string) error) {
		if !notificationID.MatchString(id) {
			id = fmt.Sprintf("%.40s", id) // any file may have been named
			w.refused[id] = fault(id)
		}
		switch named[id]++; {
		case named[id] == 1:
			w.ids = append(w.ids, id)
		case named[id] == 2 && w.refused[id] == nil:
			say(env.Stderr, listedTwice, id)
		}
	}
	for _, id := range args {
		add(id, func(id string) error { return fmt.Errorf(typedID, id) })
	}
	if o.from == "" {
		return w, nil
	}
	list, err := env.readOrStdin(ctx, o.from)
	if err != nil {
		return w, fmt.Errorf(listNotRead, err)
	}
	for i, line := range strings.Split(strings.TrimPrefix(string(list), "\ufeff"), "\n") {
		id, _, _ := strings.Cut(line, "#")
		if id = strings.TrimSpace(id); id != "" {
			add(id, func(id string) error { return hinted{fmt.Errorf(listedID, o.from, i+1, id), hintListedID} })
		}
	}
	if len(w.ids) == 0 {
		return w, hinted{fmt.Errorf(listNotRead, errors.New(noIDs)), hintIDs}
	}
	return w, nil
}

// listFiles is the file of ids, if there is one.
func (o *importing) listFiles() []string {
	if o.from == "" {
		return nil
	}
	return []string{o.from}
}

// zoneNamed is the time zone of a name, or of an offset as times have it.
func zoneNamed(name string) (*time.Location, error) {
	if t, err := time.Parse("Z07:00", name); err == nil {
		_, offset := t.Zone()
		return time.FixedZone("", offset), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, hinted{usage(noZone, name), hintZone}
	}
	return zone, nil
}

// relativeSchema is the schema as a file in the folder names it. The line that does so ends at the first
// blank.
func (o *importing) relativeSchema(env Env) (string, error) {
	schema := o.schema
	if schema != "" && !strings.Contains(schema, "://") {
		from, err := filepath.Abs(inDir(env.Dir, o.into))
		if err != nil {
			return "", err
		}
		if schema, err = filepath.Abs(inDir(env.Dir, schema)); err != nil {
			return "", err
		}
		if within, err := filepath.Rel(from, schema); err == nil {
			schema = within
		}
		schema = filepath.ToSlash(schema)
	}
	if strings.ContainsFunc(schema, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }) {
		return "", usage(noSchema, schema)
	}
	return schema, nil
}
