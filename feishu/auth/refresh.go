package auth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"notiform/feishu"
)

// mostUnanswered is how many refreshes of one login may go unanswered: one, and one more to find out.
const mostUnanswered = 2

// Keeper refreshes one login of a store.
type Keeper struct {
	Store  *Store
	Key    Key
	Client func(App) (*Client, error)
	Secret feishu.Secret // of the app; without it nothing is refreshed
	Tell   func(error)   // told why a token that still lives was not refreshed; nil for nobody

	tried feishu.Secret // the refresh token of which this run has lost an answer
	why   error
}

// Source is where the API's client gets the login's tokens from.
func (k *Keeper) Source() feishu.TokenSource {
	return feishu.TokenSource{Name: SourceName, Fetch: k.fetch}
}

// fetch returns the login's token, refreshed when it was refused or ends soon.
func (k *Keeper) fetch(ctx context.Context, refused feishu.Secret) (feishu.Token, error) {
	l, err := k.Store.Login(k.Key)
	if err != nil {
		return feishu.Token{}, err
	}
	if l.due(refused) {
		kept := l
		if l, err = k.Refresh(ctx, refused, false); err != nil {
			if !refused.IsZero() || !time.Now().Before(kept.Ends) {
				return feishu.Token{}, err
			}
			l = kept // it will do for a moment
			if k.Tell != nil {
				k.Tell(err)
			}
		}
	}
	return feishu.Token{Value: l.AccessToken, Ends: l.Ends}, nil
}

// due reports whether a login's token is the refused one or ends soon.
func (l Login) due(refused feishu.Secret) bool {
	return !refused.IsZero() && l.AccessToken.Reveal() == refused.Reveal() || time.Until(l.Ends) < feishu.TokenLead
}

// Refresh trades the login's pair for a new one, unless somebody else has done so: then it returns
// theirs. refused is the access token that is to be replaced. Of a login whose last two refreshes got
// no answer it does nothing, unless it is told to insist.
func (k *Keeper) Refresh(ctx context.Context, refused feishu.Secret, insist bool) (Login, error) {
	unlock, err := k.Store.lock(ctx)
	if err != nil {
		return Login{}, err
	}
	defer unlock()
	all, i, err := k.Store.find(k.Key)
	if err != nil {
		return Login{}, err
	}
	l := all.Logins[i].login()
	switch {
	case !l.due(refused):
		return l, nil
	case l.RefreshToken.IsZero():
		return l, fault{errors.New(noRefreshToken), hintOffline}
	case k.Secret.IsZero():
		return l, fault{errors.New(noSecret), hintNoSecret}
	case k.tried.Reveal() == l.RefreshToken.Reveal():
		return l, k.why
	case l.Unanswered >= mostUnanswered && !insist:
		return l, fault{errors.New(unansweredTwice), hintInsist}
	}
	return k.trade(ctx, all, i)
}

// trade sends the refresh, between a note that it is under way and what became of it. That the note
// could be written shows as well that there is a place for what comes.
func (k *Keeper) trade(ctx context.Context, all stored, i int) (Login, error) {
	l := all.Logins[i].login()
	client, err := k.Client(App{l.AppID, k.Secret})
	if err != nil {
		return l, err
	}
	before := all.Logins[i].Unanswered
	all.Logins[i].Unanswered++
	if err := k.Store.write(all); err != nil {
		return l, err
	}
	k.Store.step("noted")
	g, err := client.Refresh(context.WithoutCancel(ctx), l.RefreshToken) // what was sent is waited for
	k.Store.step("answered")
	switch {
	case err == nil:
		return k.keep(all, i, g)
	case isLost(err):
		k.tried, k.why = l.RefreshToken, fault{fmt.Errorf(answerLost, err), hintLost}
		return l, k.why
	case endsLogin(err):
		return l, k.putAside(all, i, before, err)
	}
	all.Logins[i].Unanswered = before
	return l, errors.Join(err, k.Store.write(all))
}

// keep stores a new pair, and only then returns it.
func (k *Keeper) keep(all stored, i int, g Grant) (Login, error) {
	l := all.Logins[i].login()
	if len(g.Scopes) == 0 {
		g.Scopes = l.Scopes
	}
	l.Grant, l.Unanswered = g, 0
	all.Logins[i] = l.stored()
	if err := k.Store.write(all); err != nil {
		return l, fault{fmt.Errorf(pairNotKept, err), hintLogin}
	}
	return l, nil
}

// putAside takes a login that is over out of the store. It is kept in a file of its own.
func (k *Keeper) putAside(all stored, i, before int, why error) error {
	aside := k.Store.file + ".ended-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	all.Logins[i].Unanswered = before
	ended := stored{storeVersion, all.Logins[i : i+1]}
	kept := &Store{file: aside}
	err := kept.write(ended)
	if err == nil {
		all.Logins = slices.Delete(slices.Clone(all.Logins), i, i+1)
		err = k.Store.write(all)
	}
	if before > 0 {
		why = fault{fmt.Errorf(endedAfterLoss, why), hintLogin}
	}
	if err != nil {
		return errors.Join(why, err, os.Remove(aside))
	}
	return fmt.Errorf(loginEnded, why, aside)
}
