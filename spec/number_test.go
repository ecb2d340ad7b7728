package spec

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestJSONEqualByDecimalValue compares with big.Rat, which is exact too, only not
// safe from large exponents.
func TestJSONEqualByDecimalValue(t *testing.T) {
	t.Parallel()
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?([eE][+-]?[0-9])?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, ok := new(big.Rat).SetString(a)
		y, ok2 := new(big.Rat).SetString(b)
		if !ok || !ok2 {
			t.Fatal("not numbers")
		}
		if got, want := equalNumbers(a, b), x.Cmp(y) == 0; got != want {
			t.Errorf("%s equal to %s: got %v", a, b, got)
		}
	})
}

// TestExponentsOfAnySize: the digits that do not fit into an integer are as exact as the
// others, also where the sum carries.
func TestExponentsOfAnySize(t *testing.T) {
	t.Parallel()
	power := rapid.StringMatching(`[+-]?(0{0,20}|[0-9]{1,17}|[1-9]?(0{17,19}|9{17,19}|0{17}[0-9]{2}|9{17}[0-9]{2}|[0-9]{17,60}|0{36,38}|9{36,38}))`)
	shift := rapid.OneOf(rapid.Int64Range(-2, 2), rapid.Int64Range(-200, 200), rapid.Int64Range(-1<<40, 1<<40))
	rapid.Check(t, func(t *rapid.T) {
		p, s := power.Draw(t, "power"), shift.Draw(t, "shift")
		want := new(big.Int)
		if strings.Trim(p, "+-") != "" {
			want.SetString(p, 10)
		} else {
			p = ""
		}
		want.Add(want, big.NewInt(s))
		if got := exponent(p, s); got != want.String() {
			t.Errorf("%q and %d: got %s, want %s", p, s, got, want)
		}
	})
}

// sameValue compares two trees of Value, numbers as a mantissa and a power of ten: a
// second opinion on Equal that knows nothing of canonical texts.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && scientific(a) == scientific(b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameValue)
	}
	return reflect.DeepEqual(a, b)
}

// scientific is the one text that all spellings of a number have: digits without zeros
// at their end, and a power of ten.
func scientific(n json.Number) string {
	mantissa, power, _ := strings.Cut(strings.ToLower(n.String()), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	value, _ := new(big.Int).SetString(whole+fraction, 10)
	exponent, ok := new(big.Int).SetString(strings.TrimPrefix(power, "+"), 10)
	if !ok {
		exponent = new(big.Int)
	}
	exponent.Sub(exponent, big.NewInt(int64(len(fraction))))
	ten, rest := big.NewInt(10), new(big.Int)
	if value.Sign() == 0 {
		return "0"
	}
	for {
		quotient, rest := new(big.Int).QuoRem(value, ten, rest)
		if rest.Sign() != 0 {
			return value.String() + "e" + exponent.String()
		}
		value = quotient
		exponent.Add(exponent, big.NewInt(1))
	}
}

// TestJSONEqualIsEqualityOfValues draws pairs that differ in little: how a number is
// spelled, what follows it, whether it is one.
func TestJSONEqualIsEqualityOfValues(t *testing.T) {
	t.Parallel()
	atom := rapid.SampledFrom([]string{
		"0", "-0", "0.0", "0e9", "1", "1.0", "10e-1", "-1", "1e0", "0.1e1", "12", "1e1", "10", "1.2e1", "1e400", "10e399",
		"1e99999999999999999999", "10e99999999999999999998", "1e-1000000000000000000", "0.1e-999999999999999999", "0.01e1000000000000000001", "1e999999999999999999",
		`"1"`, `"1.0"`, `"1,"`, `"1.0,"`, `"1]"`, `"1.0]"`, `"1}"`, `"1.0}"`, `"1\""`, `"1.0\""`, `"1\\"`, `"1.0\\"`, `",1"`, `",1.0"`, `"1:"`, `"1.0:"`,
		"null", "true", "false", "[]", "{}", "[1]", "[1.0]", `{"1":1}`, `{"1.0":1}`, `{"1":1.0}`,
	})
	value := rapid.Custom(func(t *rapid.T) string {
		items := rapid.SliceOfN(atom, 0, 3).Draw(t, "items")
		if rapid.Bool().Draw(t, "object") {
			for i := range items {
				items[i] = fmt.Sprintf("%q:%s", "k"+strings.Repeat(",", i), items[i])
			}
			return "{" + strings.Join(items, ",") + "}"
		}
		return "[" + strings.Join(items, ",") + "]"
	})
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.OneOf(value, atom)
		checkEqual(t, []byte(one.Draw(t, "a")), []byte(one.Draw(t, "b")))
	})
}

// checkEqual holds Equal against the second opinion, where both texts are JSON.
func checkEqual(t interface{ Errorf(string, ...any) }, src, src2 []byte) {
	a, err := ParseJSON(src)
	b, err2 := ParseJSON(src2)
	if err != nil || err2 != nil {
		return
	}
	x, _ := standard(src)
	y, _ := standard(src2)
	if want := sameValue(x, y); a.Equal(b) != want || b.Equal(a) != want || !a.Equal(a) || !b.Equal(b) {
		t.Errorf("%s equal to %s: got %v and %v, want %v", a, b, a.Equal(b), b.Equal(a), want)
	}
}

func FuzzJSONEqual(f *testing.F) {
	for _, pair := range [][2]string{
		{`["1.0,"]`, `["1,"]`}, {`[1.0,"1.0"]`, `[1,"1.0"]`}, {`1`, `1.0`}, {`-0`, `0`}, {`{"a":1}`, `{"a":1e0}`}, {`[1,2]`, `[1]`}, {`[12]`, `[1,2]`},
		{`1e99999999999999999999`, `10e99999999999999999998`}, {`{"1":1,"1.0":1}`, `{"1.0":1,"1":1.0}`}, {`"1\\"`, `"1.0\\"`}, {`[]`, `0`},
	} {
		f.Add([]byte(pair[0]), []byte(pair[1]))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) { checkEqual(t, a, b) })
}
