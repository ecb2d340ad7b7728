package command

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/urfave/cli/v2"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
)

// ticket are the options of the commands that tell a helpdesk ticket what they came to.
//
// One message is posted a run, when its end is known: a plan, a result, a refusal, and faults of
// the draft files too, because whoever waits at the ticket would take silence for success. None is
// posted for a mistake in what was typed, nor when the person who was asked said no: nothing
// was tried then, and who is concerned knows it.
type ticket struct {
	id, content string
	client      *feishu.Client // nil as long as nothing can be told
}

func (t *ticket) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "ticket", Destination: &t.id, Action: checkTicketID, Usage: flagTicket},
		choice("ticket-content", &t.content, flagTicketContent, "string", "object"),
	}
}

var ticketForm = regexp.MustCompile(`^[0-9]{1,32}$`)

// checkTicketID faults an id where the flag was typed.
func checkTicketID(_ *cli.Context, id string) error {
	if !ticketForm.MatchString(id) {
		return usage(noTicketID, id)
	}
	return nil
}

// open makes sure, before anything else is done, that a ticket could be told if that is wanted:
// that the settings for it are there and that Feishu gives a token for them.
func (o *planning) open(ctx context.Context, env Env) error {
	if o.ticket.id == "" {
		return nil
	}
	if err := o.connect(ctx, env); err != nil {
		return err
	}
	if err := o.client.AuthorizeTickets(ctx); err != nil {
		return err
	}
	o.ticket.client = o.client
	return nil
}

// tell posts what the run came to and returns the run with what became of the message. When it
// fails, that is all that failed: what was applied stays applied, and the exit code is 1, or 130
// if an interrupt cut it off, unless the run has a worse one.
func (t *ticket) tell(soft, hard context.Context, env Env, run report.Run) report.Run {
	if t.client == nil || run.ExitCode == report.ExitUsage {
		return run
	}
	ctx, release := lastWords(soft, hard)
	defer release()
	var messageID string
	run.URL = runURL(env)
	content, err := report.Post(run, feishu.MaxTicketContent)
	if err == nil {
		messageID, err = t.client.PostTicketMessage(ctx, t.id, content)
	}
	run.Ticket = &report.Ticket{ID: t.id, MessageID: messageID, Error: reconcile.NewFault(err)}
	if err == nil {
		say(env.Stderr, toldTicket, t.id)
		return run
	}
	sayError(env.Stderr, err)
	if run.Result != nil && run.Result.Summary.Applied > 0 {
		say(env.Stderr, onlyMessageFailed)
	}
	code := report.ExitFailed
	if interrupted(soft) && ctx.Err() != nil {
		code = report.ExitInterrupted
	}
	run.ExitCode = worst(run.ExitCode, code)
	return run
}

const (
	// tellWithin is how long a message is tried at most, pauses that Feishu asks for included.
	tellWithin = 5 * time.Minute
	// tellStopped is how long it is still tried once the run was stopped: most pipelines kill
	// what has not ended soon after an interrupt.
	tellStopped = 5 * time.Second
)

var (
	errUntold        = fmt.Errorf(untold, tellWithin)
	errStoppedUntold = fmt.Errorf(untoldWhenEnded, tellStopped)
)

// lastWords is the context of a message. It outlives soft, which the first interrupt and --timeout
// end, by a moment, and ends with hard, which the second interrupt ends.
func lastWords(soft, hard context.Context) (context.Context, context.CancelFunc) {
	bounded, cancel := context.WithTimeoutCause(hard, tellWithin, errUntold)
	ctx, giveUp := context.WithCancelCause(bounded)
	forget := context.AfterFunc(soft, func() {
		select {
		case <-time.After(tellStopped):
			giveUp(errStoppedUntold)
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		forget()
		giveUp(nil)
		cancel()
	}
}
