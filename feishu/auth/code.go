package auth

// meaning is what a code says.
type meaning struct {
	code         int
	name         string // of OAuth, where there is no code
	ends         bool   // the login is over
	again        bool   // Feishu asks for the same request again
	reason, hint string
}

// meanings are the codes of the API pages "Get user_access_token", "Refresh user_access_token", "Get
// user information" and "Obtain authorization code", and the names of RFC 8628.
func meanings() []meaning {
	return []meaning{
		{code: 20001, reason: missingParameter, hint: hintReport},
		{code: 20002, reason: secretWrong, hint: hintSecret},
		{code: 20003, reason: codeUnknown, hint: hintStartAgain},
		{code: 20004, reason: codeTooOld, hint: hintStartAgain},
		{code: 20005, reason: tokenUnknown, hint: hintLogin},
		{code: 20008, ends: true, reason: userGone, hint: hintOther},
		{code: 20009, ends: true, reason: appNotInstalled, hint: hintInstall},
		{code: 20010, ends: true, reason: userOutside, hint: hintRange},
		{code: 20021, reason: userLeft, hint: hintOther},
		{code: 20022, reason: userFrozen, hint: hintOther},
		{code: 20023, reason: userUnregistered, hint: hintOther},
		{code: 20024, ends: true, reason: otherApp, hint: hintSameApp},
		{code: 20026, ends: true, reason: refreshInvalid, hint: hintLogin},
		{code: 20027, reason: scopeNotEnabled, hint: hintScopes},
		{code: 20029, reason: redirectUnknown, hint: hintRedirect},
		{code: 20036, reason: grantUnknown, hint: hintAccounts},
		{code: 20037, ends: true, reason: refreshTooOld, hint: hintLogin},
		{code: 20048, ends: true, reason: appUnknown, hint: hintAppID},
		{code: 20049, reason: pkceFailed, hint: hintStartAgain},
		{code: 20050, again: true, reason: feishuTrouble, hint: hintLater},
		{code: 20063, reason: malformed, hint: hintReport},
		{code: 20064, ends: true, reason: refreshRevoked, hint: hintLogin},
		{code: 20065, reason: codeUsed, hint: hintStartAgain},
		{code: 20066, ends: true, reason: userAbnormal, hint: hintOther},
		{code: 20067, reason: scopeTwice, hint: hintReport},
		{code: 20068, reason: scopeBeyond, hint: hintLogin},
		{code: 20069, ends: true, reason: appDisabled, hint: hintEnable},
		{code: 20070, reason: authTwice, hint: hintProxyAdds},
		{code: 20071, reason: redirectDiffers, hint: hintRedirect},
		{code: 20072, again: true, reason: feishuBusy, hint: hintLater},
		{code: 20073, ends: true, reason: refreshUsed, hint: hintLogin},
		{code: 20074, ends: true, reason: refreshOff, hint: hintSwitch},
		{code: 21000, reason: policyForbids, hint: hintPolicy},
		{code: 21001, reason: policyForbids, hint: hintPolicy},
		{code: 99991400, reason: tooOften, hint: hintLater},
		{code: 99991401, reason: addressRefused, hint: hintAllowList},
		{code: 99991403, reason: quotaUsedUp, hint: hintQuota},
		{code: 99991661, reason: noTokenCame, hint: hintProxyRemoves},
		{code: 99991663, reason: tenantToken, hint: hintLogin},
		{code: 99991664, reason: appToken, hint: hintLogin},
		{code: 99991668, reason: tokenUnknown, hint: hintLogin},
		{code: 99991677, reason: tokenUnknown, hint: hintLogin},
		{code: 99991671, reason: noAccessToken, hint: hintLogin},
		{name: "invalid_scope", reason: scopeNotEnabled, hint: hintScopes},
		{name: "access_denied", reason: denied, hint: hintDenied},
		{name: "expired_token", reason: deviceTooOld, hint: hintStartAgain},
		{name: "invalid_grant", reason: codeUnknown, hint: hintStartAgain},
		{name: "authorization_pending", reason: deviceTooOld, hint: hintStartAgain},
		{name: "slow_down", reason: deviceTooOld, hint: hintStartAgain},
	}
}

// lookUp finds what an answer says, by its code where it has one.
func lookUp(e *Error) meaning {
	for _, m := range meanings() {
		if e.Code != 0 && m.code == e.Code || e.Code == 0 && e.Name != "" && m.name == e.Name {
			return m
		}
	}
	if e.Code != 0 { // unknown: the name may tell
		return lookUp(&Error{Name: e.Name})
	}
	return meaning{}
}
