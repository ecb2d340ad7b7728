package spec

import (
	"cmp"
	"fmt"
	"strconv"
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

// lowDigits are as many digits as fit into an int64 with room for a carry.
const lowDigits = 18

// exponent is power, a decimal integer or nothing, plus shift, which is no larger than
// a text is long. The sum is made digit by digit, because integers of any size take
// longer to read than their digits are many.
func exponent(power string, shift int64) string {
	digits, negative := strings.CutPrefix(strings.TrimPrefix(power, "+"), "-")
	digits = strings.TrimLeft(digits, "0")
	high, low := "", digits
	if cut := len(digits) - lowDigits; cut > 0 {
		high, low = digits[:cut], digits[cut:]
	}
	n, _ := strconv.ParseInt(cmp.Or(low, "0"), 10, 64) // digits, and no more than fit
	if negative {
		shift = -shift
	}
	switch n += shift; {
	case high == "" && negative:
		return strconv.FormatInt(-n, 10)
	case high == "":
		return strconv.FormatInt(n, 10)
	case n < 0:
		high, n = stepped(high, '0', '9', -1), n+1e18
	case n >= 1e18:
		high, n = stepped(high, '9', '0', +1), n-1e18
	}
	sum := strings.TrimLeft(fmt.Sprintf("%s%0*d", high, lowDigits, n), "0")
	if negative {
		return "-" + sum
	}
	return sum
}

// stepped is a decimal number, larger than zero, and one more or less: the digits at its
// end that are last turn over, and the one before them takes the step.
func stepped(number string, last, over byte, step int) string {
	digits := []byte("0" + number)
	i := len(digits) - 1
	for ; digits[i] == last; i-- {
		digits[i] = over
	}
	digits[i] = byte(int(digits[i]) + step)
	return string(digits)
}
