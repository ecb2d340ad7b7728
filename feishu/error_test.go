package feishu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// page answers with anything but JSON.
func page(status int, kind, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func refusal(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, status, body) }
}

// raw answers with bytes instead of HTTP and closes the connection.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(conn, text)
		conn.Close()
	}
}

// TestErrors sends a PATCH, which is never repeated, to servers that go wrong in
// every way, over real HTTP.
func TestErrors(t *testing.T) {
	t.Parallel()
	const logged = "log id " + testLogID
	for _, row := range []struct {
		why     string
		handler http.HandlerFunc
		want    string // after "patch notification …: "
		hint    string // part of it
	}{
		{"a helpdesk code", refusal(404, `{"code":154004,"msg":"Resource not found"}`),
			`feishu answered code 154004, "Resource not found" (HTTP 404, ` + logged + `)`, "check notification_id"},
		{"a code under HTTP 200", refusal(200, `{"code":10003,"data":{},"msg":"invalid param"}`),
			`feishu answered code 10003, "invalid param" (HTTP 200, ` + logged + `)`, ""},
		{"no message", refusal(400, `{"code":154000}`), `feishu answered code 154000, "" (HTTP 400, ` + logged + `)`, "scope rules"},
		{"missing scopes", refusal(400, `{"code":99991672,"msg":"Access denied.","error":{"permission_violations":[
			{"type":"action_privilege_required","subject":"helpdesk:all"},{"subject":"contact:x"}]}}`),
			`feishu answered code 99991672, "Access denied."; missing scope helpdesk:all, contact:x (HTTP 400, ` + logged + `)`, "grant the app"},
		{"refused fields", refusal(400, `{"code":99992402,"msg":"field validation failed","error":{"field_violations":[
			{"field":"user_id_type","value":"x","description":"not one of"}]}}`),
			`feishu answered code 99992402, "field validation failed"; user_id_type: not one of (HTTP 400, ` + logged + `)`, "named field"},
		{"log id in the body only", page(400, "application/json", `{"code":154000,"msg":"x","error":{"logid":"L1"}}`),
			`feishu answered code 154000, "x" (HTTP 400, log id L1)`, ""},
		{"log id in the body's newer form", page(400, "application/json", `{"code":154000,"msg":"x","error":{"log_id":"L2","logid":"L1"}}`),
			`feishu answered code 154000, "x" (HTTP 400, log id L2)`, ""},
		{"log id in the other header", page(400, "application/json", `{"code":154000,"msg":"x"}`, "X-Request-Id", "R1"),
			`feishu answered code 154000, "x" (HTTP 400, log id R1)`, ""},
		{"the error object is something else", refusal(400, `{"code":154000,"msg":"x","error":"boom","data":[1]}`),
			`feishu answered code 154000, "x" (HTTP 400, ` + logged + `)`, ""},
		{"terminal escapes, line ends and bidi controls", refusal(400, `{"code":154000,"msg":"\u001b[31mred\n::error::x\u202e"}`),
			`feishu answered code 154000, "\x1b[31mred\n::error::x\u202e" (HTTP 400, ` + logged + `)`, ""},
		{"HTML", page(200, "text/html; charset=utf-8", "<html>login</html>", "X-Tt-Logid", "L3"),
			`text/html instead of JSON (HTTP 200, log id L3)`, "login page"},
		{"the route is unknown", page(404, "text/plain", "404 page not found"), `text/plain instead of JSON (HTTP 404)`, "FEISHU_BASE_URL"},
		{"no content type", page(200, "", `{"code":0}`), `content of unknown type instead of JSON (HTTP 200)`, ""},
		{"truncated JSON", refusal(200, `{"code":0,"msg":"succ`), `the answer is cut off: its JSON does not end (HTTP 200, ` + logged + `)`, "log id"},
		{"data after the end", refusal(200, `{"code":0}{}`), `the answer is invalid JSON after byte 10 (HTTP 200`, ""},
		{"a repeated name", refusal(200, `{"code":0,"code":1}`), `the answer's JSON repeats a name after byte 10 (HTTP 200`, ""},
		{"a message of another shape", refusal(400, `{"code":154000,"msg":{"zh":"x"},"error":{"log_id":7,"logid":"L1","field_violations":{}}}`),
			`feishu answered code 154000, "" (HTTP 400, ` + logged + `)`, "scope rules"},
		{"a message that is not UTF-8", refusal(400, "{\"code\":154000,\"msg\":\"a\xff\"}"), `feishu answered code 154000, "a�" (HTTP 400, ` + logged + `)`, ""},
		{"an array", refusal(200, `[]`), `the answer has an unexpected [ at "" (HTTP 200`, ""},
		{"null", refusal(200, `null`), `a JSON answer without a code, so not Feishu's (HTTP 200, ` + logged + `)`, "FEISHU_BASE_URL"},
		{"a code that is null", refusal(200, `{"code":null,"msg":"success"}`), `a JSON answer without a code, so not Feishu's (HTTP 200, ` + logged + `)`, ""},
		{"somebody else's JSON", refusal(200, `{"ok":true}`), `a JSON answer without a code, so not Feishu's (HTTP 200, ` + logged + `)`, "FEISHU_BASE_URL"},
		{"success under a failing status", refusal(500, `{"code":0,"msg":"success"}`), `code 0 under a failing status (HTTP 500, ` + logged + `)`, ""},
		{"empty", refusal(200, ``), `an empty answer (HTTP 200, ` + logged + `)`, ""},
		{"no content", page(204, "", ""), `an empty answer (HTTP 204)`, ""},
		{"too large", refusal(200, `{"code":0,"msg":"`+strings.Repeat("x", maxAnswer)+`"}`),
			`the answer is larger than 4 MiB (HTTP 200, ` + logged + `)`, "FEISHU_BASE_URL"},
		{"a redirect", page(307, "text/html", "", "Location", "https://evil.example/steal?token=1#x"),
			`redirected to evil.example, and redirects are not followed, since the helpdesk token would go along (HTTP 307)`, "FEISHU_BASE_URL"},
		{"a redirect on the host itself", page(302, "", "", "Location", "/login?x=1"),
			`redirected to an address without a host, and redirects are not followed, since the helpdesk token would go along (HTTP 302)`, ""},
		{"a redirect to nowhere", page(301, "", "", "Location", "http://[::1"), `redirected to an address without a host, and redirects`, ""},
		{"cut before the answer", raw(""), `the connection was closed before an answer`, "network"},
		{"cut within the answer", raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"), `the answer broke off: unexpected EOF (HTTP 200)`, "network"},
		{"no HTTP", raw("SSH-2.0-OpenSSH\r\n"), `net/http: HTTP/1.x transport connection broken: malformed HTTP response "…"`, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			_, err := patch(t, serve(t, row.handler), testID, "", NotificationPatch{})
			if err == nil || !strings.HasPrefix(err.Error(), "patch notification 7000000000000000001: "+row.want) {
				t.Errorf("got %v\nwant %s", err, row.want)
			}
			if !strings.Contains(hintOf(err), row.hint) {
				t.Errorf("hint %q lacks %q", hintOf(err), row.hint)
			}
		})
	}
}

func TestErrorFields(t *testing.T) {
	t.Parallel()
	c := serve(t, refusal(404, `{"code":154004,"msg":"\u001b[31m","error":{"permission_violations":[{"subject":"s"}],"field_violations":[{"field":"f","description":"d"}]}}`))
	_, err := c.GetNotification(t.Context(), testID, "")
	var got *Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	got.refused = false
	want := &Error{
		Op: "get notification", ID: testID, HTTPStatus: 404, Code: 154004, Msg: "\x1b[31m", LogID: testLogID,
		Scopes: []string{"s"}, Violations: []string{"f: d"}, Attempts: 1,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Error{})); diff != "" {
		t.Error(diff)
	}
}

func TestTheServersWordsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("飞", 1000)
	item := fmt.Sprintf(`{"subject":%[1]q,"field":%[1]q,"description":"d"}`, long)
	many := strings.Repeat(item+",", 99) + item
	body := fmt.Sprintf(`{"code":154000,"msg":%q,"error":{"log_id":%q,"permission_violations":[%s],"field_violations":[%s]}}`, long, long, many, many)
	_, err := serve(t, page(400, "application/json", body)).GetNotification(t.Context(), testID, "")
	var got *Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	if len(got.Msg) > maxText || len(got.LogID) > maxLogID || len(got.Scopes) != maxList || len(got.Violations) != maxList {
		t.Error(len(got.Msg), len(got.LogID), len(got.Scopes), len(got.Violations))
	}
	for _, text := range append(got.Scopes, got.Violations...) {
		if len(text) > maxText || !strings.HasSuffix(text, "…") {
			t.Error(len(text))
		}
	}
}

func TestGetRefusesAnswersThatAreNotAboutTheDraft(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, body, want string }{
		{"another draft must never be compared", `{"code":0,"data":{"notification":{"id":"7000000000000000002"}}}`,
			"the answer is about another notification (HTTP 200, log id " + testLogID + ")"},
		{"an answer that does not say which", `{"code":0,"data":{"notification":{"job_name":"x"}}}`, "the answer is about another notification ("},
		{"one whose id would clear the screen", `{"code":0,"data":{"notification":{"id":"\u001b[2J"}}}`, "the answer is about another notification ("},
		{"none", `{"code":0,"data":{"notification":null}}`, "the answer holds no notification (HTTP 200"},
		{"no data", `{"code":0,"msg":"success"}`, "the answer holds no notification (HTTP 200"},
		{"a status that is no number", `{"code":0,"data":{"notification":{"id":"1","status":"0"}}}`, `the answer has an unexpected string at "/data/notification/status" (HTTP 200`},
		{"a list that is none", `{"code":0,"data":{"notification":{"id":"1","user_list":{}}}}`, `the answer has an unexpected { at "/data/notification/user_list" (HTTP 200`},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, refusal(200, row.body)).GetNotification(t.Context(), testID, "")
			if err == nil || !strings.HasPrefix(err.Error(), "get notification 7000000000000000001: "+row.want) || hintOf(err) == "" {
				t.Error(err)
			}
			if diff := cmp.Diff(NotificationDetail{}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(nil)
	s.Close()
	_, err := patch(t, testClient(t, s.URL, Options{}), testID, "", NotificationPatch{})
	if err == nil || !strings.Contains(err.Error(), "connection refused") || !IsRefused(err) || hintOf(err) != hintConnection {
		t.Error(err, hintOf(err))
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		err := play(silence).patch(t, Options{})
		if err == nil || err.Error() != "patch notification "+testID+": no answer within 30s" || hintOf(err) != hintNetwork || errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		err = play(silence).get(t, Options{RequestTimeout: 5 * time.Second})
		if err == nil || err.Error() != "get notification "+testID+": no answer within 5s (2 attempts)" {
			t.Error(err)
		}
	})
}

func TestSilenceOverHTTP(t *testing.T) {
	t.Parallel()
	s := listen(t, func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() })
	c := testClient(t, s.URL, Options{RequestTimeout: patience})
	_, err := patch(t, c, testID, "", NotificationPatch{})
	if err == nil || !strings.HasSuffix(err.Error(), ": no answer within 2s") || IsRefused(err) {
		t.Error(err)
	}
}

func TestTextThatCannotBeSent(t *testing.T) {
	t.Parallel()
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request left") })
	_, err := patch(t, c, testID, "", NotificationPatch{JobName: "a\xff"})
	if err == nil || err.Error() != "patch notification "+testID+": the request holds text that is not valid UTF-8" || !IsRefused(err) {
		t.Error(err)
	}
}

func TestRedirectsReachNobody(t *testing.T) {
	t.Parallel()
	other := listen(t, func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") })
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := serve(t, page(status, "", "", "Location", other.URL+"/x"))
		_, err := c.GetNotification(t.Context(), testID, "")
		if err == nil || !strings.Contains(err.Error(), "redirected to 127.0.0.1:") {
			t.Error(status, err)
		}
	}
}

func TestErrThrottled(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		err  *Error
		want bool
	}{
		{"the gateway's code", &Error{Code: 99991400, HTTPStatus: 429}, true},
		{"whatever the status", &Error{Code: 99991400, HTTPStatus: 200}, true},
		{"the status is enough", &Error{HTTPStatus: 429}, true},
		{"another code", &Error{Code: 154000, HTTPStatus: 400}, false},
		{"never the words", &Error{Code: 154000, Msg: "refused as too frequent"}, false},
	} {
		if got := errors.Is(fmt.Errorf("wrapped: %w", row.err), ErrThrottled); got != row.want {
			t.Errorf("%s: %v", row.why, got)
		}
	}
	if errors.Is(&Error{Code: 99991400}, errStop) {
		t.Error("it is every error")
	}
}

// TestNoErrorShowsASecret provokes errors on every path, by servers that send
// back what they were sent, and looks into all that a caller or a log can show.
func TestNoErrorShowsASecret(t *testing.T) {
	t.Parallel()
	echo := func(status int, kind string, format func(all string) string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			all := r.Header.Get("Authorization") + r.Header.Get("X-Lark-Helpdesk-Authorization") + testHTToken
			w.Header().Set("X-Tt-Logid", all)
			w.Header().Set("Location", "https://"+testUserToken+".example/"+all)
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			io.WriteString(w, format(all))
		}
	}
	const inJSON = "application/json"
	for why, handler := range map[string]http.HandlerFunc{
		"msg": echo(400, inJSON, func(s string) string { return fmt.Sprintf(`{"code":99991668,"msg":"bad token %s!"}`, s) }),
		"msg cut within a token": echo(400, inJSON, func(s string) string {
			return fmt.Sprintf(`{"code":154000,"msg":"%s%s"}`, strings.Repeat("x", maxText-20), s)
		}),
		"a part of a token": echo(400, inJSON, func(string) string { return `{"code":99991668,"msg":"token u-7f1bcd13fc57 is bad"}` }),
		"error object": echo(400, inJSON, func(s string) string {
			return fmt.Sprintf(`{"code":1,"msg":"","error":{"logid":%[1]q,"permission_violations":[{"subject":%[1]q}],"field_violations":[{"field":%[1]q,"description":%[1]q}]}}`, s)
		}),
		"HTML":             echo(200, "text/html", func(s string) string { return s }),
		"content type":     echo(200, "text/"+testUserToken, func(s string) string { return s }),
		"redirect":         echo(302, "text/html", func(s string) string { return s }),
		"no JSON":          echo(200, inJSON, func(s string) string { return s }),
		"strange name":     echo(200, inJSON, func(s string) string { return fmt.Sprintf(`{"code":0,%[1]q:1,%[1]q:2}`, s) }),
		"strange value":    echo(200, inJSON, func(s string) string { return fmt.Sprintf(`{"code":%q}`, s) }),
		"another draft":    echo(200, inJSON, func(s string) string { return fmt.Sprintf(`{"code":0,"data":{"notification":{"id":%q}}}`, s) }),
		"unusable data":    echo(200, inJSON, func(s string) string { return fmt.Sprintf(`{"code":0,"data":{"notification":%q}}`, s) }),
		"cut":              raw(""),
		"no HTTP":          raw(testUserToken + " " + testHTToken + "\r\n\r\n"),
		"malformed header": raw("HTTP/1.1 200 OK\r\n" + testUserToken + "\r\n\r\n"),
		"too large":        echo(200, inJSON, func(s string) string { return strings.Repeat(s, maxAnswer/len(s)+1) }),
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c := testClient(t, listen(t, handler).URL, Options{Logger: logger})
			_, err := patch(t, c, testID, "", NotificationPatch{JobName: testUserToken})
			if why == "another draft" || why == "unusable data" {
				_, err = c.GetNotification(t.Context(), testID, "")
			}
			if err == nil {
				t.Fatal("no error")
			}
			shown := fmt.Sprintf("%v %+v %#v %q %s\n%#v\n%s", err, err, err, err, hintOf(err), c, &log)
			for ; err != nil; err = errors.Unwrap(err) {
				shown += fmt.Sprintf("%v %#v", err, err)
			}
			for _, secret := range []string{testUserToken, testHTToken, c.helpdesk.Reveal()} {
				if part := shared(shown, secret); part != "" {
					t.Errorf("%q of %q is shown: %s", part, secret, shown)
				}
			}
			if !strings.Contains(log.String(), `"notification_id":"`+testID+`"`) {
				t.Error("nothing was logged", log.String())
			}
		})
	}
}

// shared returns eight bytes that text and secret have in common, or "".
func shared(text, secret string) string {
	for i := 0; i+8 <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+8]) {
			return secret[i : i+8]
		}
	}
	return ""
}

func TestLogLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		slow := func(r *http.Request) (*http.Response, error) { time.Sleep(1500 * time.Millisecond); return good(r) }
		if err := play(breaks(reset), slow).get(t, Options{Logger: logger, Rand: func() float64 { return 1 }}); err != nil {
			t.Fatal(err)
		}
		const path = `path=/open-apis/helpdesk/v1/notifications/:notification_id notification_id=7000000000000000001`
		const want = `time=2000-01-01T00:00:00.000Z level=DEBUG msg=request method=GET ` + path + ` status=0 code=0 ms=0 log_id="" attempt=1
time=2000-01-01T00:00:02.500Z level=DEBUG msg=request method=GET ` + path + ` status=200 code=0 ms=1500 log_id=` + testLogID + ` attempt=2
`
		if diff := cmp.Diff(want, log.String()); diff != "" {
			t.Error(diff)
		}
	})
}
