package feishu

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ReadToken reads what a program printed that was asked for a token: the token alone, or a JSON
// object with access_token and, if it is known, expires_at or expires_in. The error quotes nothing.
func ReadToken(printed []byte, now time.Time) (Token, error) {
	text := strings.TrimSpace(strings.TrimPrefix(string(printed), byteOrderMark))
	t := Token{Value: NewSecret(text)}
	if strings.HasPrefix(text, "{") {
		var err error
		if t, err = readTokenObject([]byte(text), now); err != nil {
			return Token{}, err
		}
	}
	switch problem := tokenProblem(printedToken, t.Value.Reveal()); {
	case t.Value.IsZero():
		return Token{}, errors.New(printedNothing)
	case problem != "":
		return Token{}, errors.New(problem)
	}
	return t, nil
}

func readTokenObject(text []byte, now time.Time) (Token, error) {
	var object struct {
		AccessToken string         `json:"access_token"`
		ExpiresAt   jsontext.Value `json:"expires_at"`
		ExpiresIn   jsontext.Value `json:"expires_in"`
	}
	if json.Unmarshal(text, &object) != nil {
		return Token{}, errors.New(printedNoObject)
	}
	ends, ok := momentAt(object.ExpiresAt)
	switch seconds, isNumber := number(object.ExpiresIn); {
	case ok:
	case isNumber && seconds <= 0:
		return Token{}, errors.New(printedEnded)
	case isNumber:
		ends = now.Add(time.Duration(min(seconds, math.MaxInt32) * float64(time.Second)))
	case isGiven(object.ExpiresAt) || isGiven(object.ExpiresIn):
		return Token{}, errors.New(printedNoTime)
	}
	return Token{NewSecret(object.AccessToken), ends}, nil
}

func isGiven(v jsontext.Value) bool { return len(v) > 0 && v.Kind() != 'n' }

// momentAt reads a time of RFC 3339, or seconds or milliseconds since 1970.
func momentAt(v jsontext.Value) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, strings.Trim(string(v), `"`)); err == nil {
		return t, true
	}
	n, ok := number(v)
	switch {
	case !ok || !(n > 0) || n > 1e15:
		return time.Time{}, false
	case n > 1e11:
		return time.UnixMilli(int64(n)), true
	}
	return time.Unix(int64(n), 0), true
}

// number reads a number that may be written as text.
func number(v jsontext.Value) (float64, bool) {
	n, err := strconv.ParseFloat(strings.Trim(string(v), `"`), 64)
	return n, err == nil && !math.IsNaN(n)
}
