package command

import (
	"cmp"
	"context"
	"time"

	"notiform/feishu"
)

// longestLife is how long any user access token lives, by the API page "Get user_access_token".
const longestLife = 2 * time.Hour

// sayTokenLife holds what is left of the user access token against the least time that writing takes.
// It is said where the answer may matter: not of a moment's work with a token that has minutes left.
func (o *server) sayTokenLife(ctx context.Context, env Env, takes time.Duration) {
	ends := o.client.UserTokenEnds(ctx)
	left := ends.Sub(env.Now()).Round(time.Second)
	takes = takes.Round(time.Second)
	final := o.tokens.Fetch == nil || o.tokens.Last
	source := cmp.Or(o.tokens.Name, "FEISHU_USER_ACCESS_TOKEN")
	switch {
	case ends.IsZero() && final && takes >= longestLife:
		say(env.Stderr, tokenLivesTwoHours, takes, source)
	case ends.IsZero() || takes == 0 && left > feishu.TokenLead:
		return
	case left > takes:
		say(env.Stderr, tokenOutlives, left, takes)
		return
	case !final:
		say(env.Stderr, tokenEndsRenewed, left, takes, source)
		return
	default:
		say(env.Stderr, tokenEndsLast, left, takes, source)
	}
	say(env.Stderr, asHint, hintTokenLife)
}
