package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"notiform/feishu"
	"notiform/feishu/auth"
)

// What doctor finds in the settings: where each comes from and what is wrong with it, and never a
// value.

func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }

// origin says where a setting comes from; "" for nowhere.
func (p *examination) origin(name string) string {
	switch {
	case p.env.Getenv(name) != "":
		return fmt.Sprintf(setByVariable, name)
	case p.env.Getenv(name+"_FILE") != "":
		return fmt.Sprintf(setByFile, name)
	}
	return ""
}

// setting is the check of one that has to be there.
func (p *examination) setting(name string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return p.origin(name), p.faults[name] }
}

// helpdeskToken has a kind as well, and stands beside others in most places where they are kept.
func (p *examination) helpdeskToken(context.Context) (string, error) {
	const name = "FEISHU_HELPDESK_TOKEN"
	if err := wrongKind(p.settings.HelpdeskToken, name, kindHelpdesk, hintHelpdeskKind); err != nil {
		return "", err
	}
	return p.origin(name), p.faults[name]
}

func (p *examination) baseURL(context.Context) (string, error) {
	return cmp.Or(p.origin("FEISHU_BASE_URL"), baseByDefault), p.faults["FEISHU_BASE_URL"]
}

// accountsURL is of use to logins alone: that nobody knows the host is no fault where there are none.
func (p *examination) accountsURL(context.Context) (string, error) {
	origin := p.origin("FEISHU_ACCOUNTS_URL")
	_, _, err := p.settings.Hosts()
	switch {
	case err != nil && origin == "":
		return "", notRun{err}
	case err != nil:
		return "", cmp.Or(p.faults["FEISHU_ACCOUNTS_URL"], err)
	}
	return cmp.Or(origin, accountsByDefault), nil
}

func (p *examination) userToken(context.Context) (string, error) {
	if len(p.sources) == 0 && p.faults["FEISHU_ACCOUNTS_URL"] != nil { // nobody knows whether somebody is logged in there
		return "", notRun{fmt.Errorf(needsFirst, spaced("accounts_url"))}
	}
	if len(p.sources) == 0 {
		return "", cmp.Or(p.untold, p.faults["FEISHU_USER_ACCESS_TOKEN"])
	}
	source := p.sources[0]
	if err := cmp.Or(p.untold, userTokenFault(p.env, p.settings, source)); err != nil {
		return "", err
	}
	found := fmt.Sprintf(tokenFrom, source)
	if ends := p.tokenEnds(source); !ends.IsZero() {
		found = fmt.Sprintf(tokenFromUntil, source, moment(ends))
	}
	if unused := p.sources[1:]; len(unused) > 0 {
		found = fmt.Sprintf(alsoSet, found, strings.Join(unused, ", "))
	}
	return found, nil
}

// userTokenFault is what can be seen of the user token without asking anybody.
func userTokenFault(env Env, s feishu.Settings, source string) error {
	if err := settingFaults(s)["FEISHU_USER_ACCESS_TOKEN"]; userTokenSet(env) && err != nil {
		return err
	}
	return wrongKind(s.UserAccessToken, source, kindUser, hintUserKind)
}

// tokenEnds is when the user token ends, or, of a login that was not asked, its access token.
func (p *examination) tokenEnds(source string) time.Time {
	if source == auth.SourceName && p.settings.UserTokens.Ends.IsZero() {
		return p.login.Ends
	}
	return p.settings.UserTokens.Ends
}

// appSettings are those that a tenant access token comes from. They may be missing.
func (p *examination) appSettings(context.Context) (string, error) {
	names := []string{"FEISHU_TENANT_ACCESS_TOKEN", "FEISHU_APP_ID", "FEISHU_APP_SECRET"}
	set := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return p.origin(name) == "" })
	if len(set) == 0 && p.ticket == "" {
		return "", notRun{errors.New(noApp)}
	}
	for _, name := range names {
		if err := p.faults[name]; err != nil {
			return "", err
		}
	}
	if err := wrongKind(p.settings.TenantAccessToken, names[0], kindTenant, hintTenantKind); err != nil {
		return "", err
	}
	return fmt.Sprintf(appFrom, strings.Join(set, ", ")), nil
}

// wrongKind is the error of a token that begins like one of another kind than is wanted.
func wrongKind(token feishu.Secret, name, wanted, hint string) error {
	if kind := kindOf(token); kind != "" && kind != wanted {
		return hinted{fmt.Errorf(holdsKind, name, kind, wanted), hint}
	}
	return nil
}

// kindOf tells by how a token begins what kind it is; "" for one that begins like no other. The API
// pages "Access tokens" and "Call the helpdesk's API" have the prefixes.
func kindOf(token feishu.Secret) string {
	for _, kind := range []struct{ prefix, name string }{
		{"ur-", kindRefresh}, {"u-", kindUser}, {"eyJ", kindUser}, {"t-", kindTenant}, {"a-", kindApp}, {"ht-", kindHelpdesk}, {"cli_", kindAppID},
	} {
		if strings.HasPrefix(token.Reveal(), kind.prefix) {
			return kind.name
		}
	}
	return ""
}
