package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"time"

	"github.com/mattn/go-shellwords"

	"notiform/feishu"
	"notiform/feishu/auth"
)

// The user access token comes from the first of these that is set: FEISHU_USER_ACCESS_TOKEN, the
// file of its twin, the program of FEISHU_TOKEN_COMMAND, and the login in the store.

const envTokenCommand = "FEISHU_TOKEN_COMMAND"

// readEnvironment reads the settings that are in the environment and in files, of which some may be pipes
// that never end. Check tells their faults, with all others. The error is why ctx has ended.
func readEnvironment(ctx context.Context, env Env) (feishu.Settings, error) {
	reading := ctx
	settings, _ := feishu.SettingsFromEnv(env.Getenv, func(name string) ([]byte, error) {
		return within(reading, tokenFilePatience, errTokenFile, func(context.Context) ([]byte, error) { return readTokenFile(name) })
	})
	reading = context.WithoutCancel(ctx) // of what is read again: the context of whoever wants it counts then
	settings.UserTokens.Fetch = patient(settings.UserTokens.Fetch, tokenFilePatience, errTokenFile)
	return settings, context.Cause(ctx)
}

// readSettings reads the settings of a run, the user access token included. An error is of a source
// that was asked for it in vain.
func readSettings(ctx context.Context, env Env, logger *slog.Logger) (feishu.Settings, error) {
	settings, err := readEnvironment(ctx, env)
	if err == nil {
		err = takeUserToken(ctx, env, &settings, logger)
	}
	if sources := userTokenSources(env, false); len(sources) > 1 {
		logger.Debug("credentials", "source", sources[0], "unused", sources[1:])
	}
	return settings, err
}

// takeUserToken asks those sources that are no settings themselves, if they count.
func takeUserToken(ctx context.Context, env Env, settings *feishu.Settings, logger *slog.Logger) error {
	switch line := env.Getenv(envTokenCommand); {
	case userTokenSet(env):
		return nil
	case line != "":
		return takeFirst(ctx, settings, feishu.TokenSource{Name: envTokenCommand, Fetch: env.tokenCommand(line)})
	}
	return takeLogin(ctx, env, settings, logger)
}

// takeLogin gets the token of the store's login. That there is none is Check's to tell.
func takeLogin(ctx context.Context, env Env, settings *feishu.Settings, logger *slog.Logger) error {
	a, err := openAccount(env, *settings, logger)
	if err != nil {
		return nil // no store, or hosts that Check tells of
	}
	l, err := a.keeper.Store.Login(a.keeper.Key)
	if errors.Is(err, auth.ErrNoLogin) && !errors.Is(err, auth.ErrOtherLogin) {
		return nil
	}
	if err == nil {
		a.sayDue(l)
	}
	source := a.keeper.Source()
	source.Last = err == nil && (l.RefreshToken.IsZero() || settings.AppSecret.IsZero())
	return takeFirst(ctx, settings, source)
}

func userTokenSet(env Env) bool {
	return cmp.Or(env.Getenv("FEISHU_USER_ACCESS_TOKEN"), env.Getenv("FEISHU_USER_ACCESS_TOKEN_FILE")) != ""
}

// takeFirst gets the first token of a source.
func takeFirst(ctx context.Context, settings *feishu.Settings, source feishu.TokenSource) error {
	first, err := source.Fetch(ctx, feishu.Secret{})
	if err != nil {
		return fmt.Errorf(sourceFailed, source.Name, err)
	}
	source.Ends = first.Ends
	settings.UserAccessToken, settings.UserTokens = first.Value, source
	return nil
}

type fetch = func(ctx context.Context, refused feishu.Secret) (feishu.Token, error)

// patient bounds how long a source may take; nil stays nil.
func patient(do fetch, patience time.Duration, why error) fetch {
	if do == nil {
		return nil
	}
	return func(ctx context.Context, refused feishu.Secret) (feishu.Token, error) {
		return within(ctx, patience, why, func(ctx context.Context) (feishu.Token, error) { return do(ctx, refused) })
	}
}

// within does something that may never end, and leaves it behind when its time is over.
func within[T any](ctx context.Context, patience time.Duration, why error, do func(context.Context) (T, error)) (T, error) {
	ctx, done := context.WithTimeoutCause(ctx, patience, why)
	defer done()
	return leaving(ctx, 0, func() (T, error) { return do(ctx) })
}

// tokenCommandPatience is how long the program may take: it may ask somebody for a password.
const tokenCommandPatience = time.Minute

// tokenCommand runs the program of a command line for a token. It is split as a shell would split
// it, and run without one.
func (env Env) tokenCommand(line string) fetch {
	return patient(func(ctx context.Context, _ feishu.Secret) (feishu.Token, error) {
		words, err := commandWords(line)
		if err != nil {
			return feishu.Token{}, err
		}
		printed, err := env.output(ctx, words)
		if err != nil {
			return feishu.Token{}, hinted{err, hintTokenCommand}
		}
		t, err := feishu.ReadToken(printed, env.Now())
		if err != nil {
			return feishu.Token{}, hinted{err, hintPrintToken}
		}
		return t, nil
	}, tokenCommandPatience, hinted{fmt.Errorf(commandTakesLong, tokenCommandPatience), hintTokenCommand})
}

// commandWords are the words of a command line; what only a shell could do is refused.
func commandWords(line string) ([]string, error) {
	parser := shellwords.NewParser()
	words, err := parser.Parse(line)
	switch {
	case err != nil || parser.Position >= 0:
		return nil, hinted{errors.New(noWords), hintNoShell}
	case len(words) == 0:
		return nil, hinted{errors.New(noWords), hintTokenCommand}
	}
	return words, nil
}

// signalPatience is how much later than a program notiform may hear of the same interrupt.
const signalPatience = time.Second

// output runs a program and returns what it printed on stdout, which nobody else sees; its stderr is
// shown. It is not told of the command line that it comes from, so that it may be notiform itself.
func (env Env) output(ctx context.Context, words []string) ([]byte, error) {
	printed := &bounded{most: maxTokenFile}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = env.Dir, printed, env.Stderr, time.Second
	cmd.Env = without(env.Environ(), envTokenCommand)
	err := cmd.Run()
	if unfound, ok := errors.AsType[*exec.Error](err); ok {
		err = unfound.Err // without the name, for people put the token itself there
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it has ended well, and left something behind that holds its streams
	}
	exited, ok := errors.AsType[*exec.ExitError](err)
	if ok && exited.ExitCode() < 0 { // by a signal, which a terminal sends to both
		select {
		case <-ctx.Done():
		case <-time.After(signalPatience):
		}
	}
	switch {
	case printed.over:
		return nil, errors.New(printedTooMuch)
	case ok:
		return nil, fmt.Errorf(programFailed, exited.ProcessState)
	case err != nil:
		return nil, fmt.Errorf(programNotRun, reason(err))
	}
	return printed.taken, nil
}

// bounded takes so many bytes and no more. It is not the buffer itself, whose ReadFrom has no bound.
type bounded struct {
	taken []byte
	most  int
	over  bool
}

// Write fails when it would become too much, which ends the program that writes.
func (b *bounded) Write(p []byte) (int, error) {
	if b.over = b.over || len(b.taken)+len(p) > b.most; b.over {
		return 0, errors.New(printedTooMuch)
	}
	b.taken = append(b.taken, p...)
	return len(p), nil
}
