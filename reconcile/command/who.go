package command

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"gopkg.in/yaml.v3"

	"notiform/feishu"
	"notiform/reconcile"
	"notiform/reconcile/report"
)

func whoCommand(env Env) *cli.Command {
	var o asking
	return &cli.Command{
		Name: "who", Usage: aboutWho, UsageText: exampleWho, ArgsUsage: "EMAIL|MOBILE ...", Description: storyWho,
		Flags:  append([]cli.Flag{choice("format", &o.format, flagAuthFormat, "text", "json")}, o.logs.flags()...),
		Action: func(c *cli.Context) error { return who(c, env, o) },
	}
}

// asking are the options of who.
type asking struct {
	logs
	format string
}

// apart is what people write between the digits of a number.
var apart = regexp.MustCompile(`[ ()-]`)

// reachable is what people are asked for by: an e-mail address, or a mobile number.
var reachable = regexp.MustCompile(`^([^@\s]+@[^@\s]+|\+?[0-9]{5,20})$`)

// askedFor are the arguments, each once.
func askedFor(args []string) (asked []string, err error) {
	for _, a := range args {
		if number := apart.ReplaceAllString(a, ""); !strings.Contains(a, "@") && reachable.MatchString(number) {
			a = number
		}
		switch {
		case !reachable.MatchString(a):
			return nil, hinted{usage(notReachable, a), hintReachable}
		case !slices.Contains(asked, a):
			asked = append(asked, a)
		}
	}
	if asked == nil {
		return nil, hinted{usage(nobodyNamed), hintReachable}
	}
	return asked, nil
}

func who(c *cli.Context, env Env, o asking) error {
	asked, err := askedFor(c.Args().Slice())
	if err != nil {
		return err
	}
	soft, _, release := interruptible(c.Context, env, 0, stoppingWho)
	defer release()
	people, err := find(soft, env, asked, o.logger(env.Stderr))
	switch {
	case err != nil && interrupted(soft):
		return &exitError{report.ExitInterrupted, errInterrupted}
	case err != nil:
		return err
	}
	missing := 0
	for _, p := range people {
		if !canBeTold(p) {
			missing++
		}
	}
	code := when(missing > 0, report.ExitFailed)
	if err := tellPeople(env, people, o.format, code); err != nil {
		return hinted{err, hintStdout}
	}
	if missing > 0 {
		say(env.Stderr, someMissing, missing, len(people))
	}
	return exit(code)
}

// find asks who they are, and how they are called; the latter may fail.
func find(ctx context.Context, env Env, asked []string, logger *slog.Logger) ([]feishu.Person, error) {
	settings, err := readEnvironment(ctx, env)
	if err != nil {
		return nil, err
	}
	client, err := feishu.NewForApp(settings, feishu.Options{Logger: logger, UserAgent: "notiform/" + version(), Rand: env.Rand})
	if err != nil {
		return nil, err
	}
	people, err := client.FindPeople(ctx, asked)
	if err != nil {
		return nil, err
	}
	if err := client.NamePeople(ctx, people); ctx.Err() != nil {
		return nil, err
	} else if err != nil {
		sayError(env.Stderr, err)
	}
	return people, nil
}

// canBeTold reports whether somebody belongs into a user_list.
func canBeTold(p feishu.Person) bool {
	return p.Standing == feishu.Active || p.Standing == feishu.Present
}

// foundPerson is somebody as JSON has them.
type foundPerson struct {
	Asked    string          `json:"asked"`
	OpenID   string          `json:"open_id"`
	Name     string          `json:"name"`
	Standing feishu.Standing `json:"standing"`
}

func tellPeople(env Env, people []feishu.Person, format string, code int) error {
	if format == "json" {
		found := make([]foundPerson, len(people))
		for i, p := range people {
			found[i] = foundPerson(p)
		}
		return printJSON(env.Stdout, struct {
			FormatVersion string        `json:"format_version"`
			ToolVersion   string        `json:"tool_version"`
			ExitCode      int           `json:"exit_code"`
			People        []foundPerson `json:"people"`
		}{reconcile.FormatVersion, version(), code, found})
	}
	first := map[string]string{} // who was asked for in two ways is one member
	for _, p := range people {
		line, err := memberLine(p)
		if by, again := first[p.OpenID]; again && p.OpenID != "" {
			line = fmt.Sprintf(personAgain, report.Visible(p.Asked), report.Visible(by))
		}
		first[p.OpenID] = cmp.Or(first[p.OpenID], p.Asked)
		if err == nil {
			_, err = fmt.Fprintln(env.Stdout, line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// memberLine is somebody as a member of a user_list, or a comment on why they are none.
func memberLine(p feishu.Person) (string, error) {
	asked := report.Visible(p.Asked)
	if p.Standing == feishu.Unknown {
		return fmt.Sprintf(personUnknown, asked), nil
	}
	member := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, text := range []string{"user_id", p.OpenID, "name", report.Visible(p.Name)} {
		member.Content = append(member.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
	}
	if p.Name == "" {
		member.Content = member.Content[:2]
	}
	text, err := yaml.Marshal(member)
	if err != nil {
		return "", err
	}
	format := map[feishu.Standing]string{
		feishu.Active: personActive, feishu.Present: personActive, feishu.Resigned: personResigned,
		feishu.Frozen: personFrozen, feishu.NotActivated: personNotActivated,
	}[p.Standing]
	return fmt.Sprintf(format, strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), "\n", " "), asked), nil
}
