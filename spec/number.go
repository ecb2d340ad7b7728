package spec

import (
	"math/big"
	"strings"
)

// equalButForNumbers compares two canonical JSON texts. Canonical texts of equal
// values differ in nothing but how a number is spelled, so one walk over both
// is enough and no tree is built.
func equalButForNumbers(a, b string) bool {
	for a != "" && b != "" {
		m, n := token(a), token(b)
		if m != n && !(isNumber(m) && isNumber(n) && equalNumbers(m, n)) {
			return false
		}
		a, b = a[len(m):], b[len(n):]
	}
	return a == b
}

// token is the string, the number, or else the one byte that canonical JSON
// begins with.
func token(s string) string {
	switch {
	case s[0] == '"':
		return stringLiteral(s)
	case isNumber(s):
		if end := strings.IndexAny(s, ",]}"); end >= 0 {
			return s[:end]
		}
		return s
	}
	return s[:1]
}

// isNumber reports whether a token is a number.
func isNumber(token string) bool {
	return token[0] == '-' || '0' <= token[0] && token[0] <= '9'
}

// decimal is a number in the one form that each value has: digits without zeros
// at either end, read as an integer, times ten to the exponent. Zero is the zero
// decimal, without a sign.
type decimal struct {
	negative bool
	digits   string
	exponent string // of any size: 1e99999999999 must cost no more than its text
}

func equalNumbers(a, b string) bool { return newDecimal(a) == newDecimal(b) }

func newDecimal(literal string) decimal {
	unsigned, negative := strings.CutPrefix(literal, "-")
	mantissa, power := unsigned, ""
	if i := strings.IndexAny(unsigned, "eE"); i >= 0 {
		mantissa, power = unsigned[:i], unsigned[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return decimal{}
	}
	shift := int64(len(digits)-len(trimmed)) - int64(len(fraction))
	return decimal{negative, trimmed, exponent(power, shift)}
}

// exponent is power, a decimal integer or nothing, plus shift.
func exponent(power string, shift int64) string {
	sum := new(big.Int)
	if power != "" {
		sum.SetString(power, 10)
	}
	return sum.Add(sum, big.NewInt(shift)).String()
}
