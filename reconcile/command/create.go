package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
	"notiform/spec"
)

func createCommand(env Env) *cli.Command {
	o := creating{notes: newNotebook(env)}
	o.seen = o.notes.saw
	return &cli.Command{
		Name: "create", Usage: aboutCreate, UsageText: exampleCreate, ArgsUsage: "[PATH ...]", Description: storyCreate,
		Flags: slices.Concat(o.outputs.flags("create"), o.ofRules(), o.team.flags(), o.ofCards(), o.pace(), []cli.Flag{
			o.ofWrites(feishu.CreateLimit, flagCreateRate), o.ofSize(), o.ofAudience(),
			&cli.BoolFlag{Name: "auto-approve", Destination: &o.autoApprove, Usage: flagAutoApprove},
		}),
		Action: func(c *cli.Context) error {
			if err := o.check(c, env); err != nil {
				return err
			}
			return o.run(c, env, work{o.obtain, func(s reconcile.Summary) int { return s.Create }, o.refusal, o.write})
		},
	}
}

// creating is applying with other work.
type creating struct {
	applying
	notes *notebook
}

func (o *creating) check(c *cli.Context, env Env) error {
	switch {
	case slices.Contains(c.Args().Slice(), "-"):
		return hinted{usage(createdFromStdin), hintCreatedFromFile}
	case !o.autoApprove && !env.IsTerminal(env.Stdin):
		return hinted{usage(noTerminal), hintNoTerminalToCreate}
	}
	return nil
}

// obtain plans what is to be created. There is nothing to compare it with, so nobody is asked.
func (o *creating) obtain(ctx context.Context, env Env, paths []string, run *report.Run) error {
	err := o.planBy(ctx, env, paths, run, func(ctx context.Context, env Env, drafts []spec.Draft, _ *report.Run) (reconcile.Plan, error) {
		o.notes.hold(drafts)
		return reconcile.PlanCreate(o.helpdesk, drafts), o.connect(ctx, env)
	})
	if run.Plan != nil {
		run.Plan.Helpdesk = o.helpdesk
		run.WriteTime = leastTime(run.Plan.Summary.Create, o.writeRate)
	}
	return err
}

// refusal is every reason to create nothing of p, or nil.
func (o *creating) refusal(p reconcile.Plan) error {
	var why refusals
	if most, said := o.most(); most != noMaxChanges && p.Summary.Create > most {
		why.add("max-changes", hintTooManyToCreate, tooManyToCreate, report.Plural(p.Summary.Create, "draft"), said, most)
	}
	o.ofAudiences(p, &why)
	for i, d := range p.Drafts {
		if d.Action == reconcile.Create && o.notes.asked(i) {
			why.add("asked", fmt.Sprintf(hintAskedBefore, d.JobName), askedBefore, d.File, d.Line)
		}
	}
	return errors.Join(errorsOf(why)...)
}

// write creates the drafts and tells how far it is.
func (o *creating) write(hard, soft context.Context, env Env, p reconcile.Plan) *reconcile.Result {
	telling := startProgress(env, creatingDrafts, len(p.Drafts), leastTime(p.Summary.Create, o.writeRate))
	defer telling.finish()
	result := reconcile.CreateDrafts(hard, soft, o.client, o.notes, p, reconcile.Options{Tell: telling.tell})
	return &result
}
