package feishu

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testTicket  = "6948728206392295444"
	testContent = `{"post":{"zh_cn":{"title":"标题","content":[[{"tag":"text","text":"a<b>&\"c\""}]]}}}`
	posted      = `{"code":0,"msg":"success","data":{"message_id":"om_8baa3656c7b41900d29bf9104bf5310b"}}`
)

func post(t *testing.T, c *Client) (string, error) {
	t.Helper()
	return c.PostTicketMessage(t.Context(), testTicket, []byte(testContent))
}

func TestTicketMessageOnTheWire(t *testing.T) {
	t.Parallel()
	const path = "POST /open-apis/helpdesk/v1/tickets/"
	for _, row := range []struct {
		why, ticket string
		object      bool
		line, body  string
	}{
		{"content goes as text", testTicket, false, path + "6948728206392295444/messages",
			`{"msg_type":"post","content":"{\"post\":{\"zh_cn\":{\"title\":\"标题\",\"content\":[[{\"tag\":\"text\",\"text\":\"a<b>&\\\"c\\\"\"}]]}}}"}`},
		{"or as an object, if that is wanted", testTicket, true, path + "6948728206392295444/messages",
			`{"msg_type":"post","content":` + testContent + `}`},
		{"an id is one segment, whatever is in it", "../1?a=b#c", false, path + "..%2F1%3Fa=b%23c/messages", ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			var got wire
			c := testClient(t, listen(t, record(&got, posted)).URL, Options{TicketContentObject: row.object})
			messageID, err := c.PostTicketMessage(t.Context(), row.ticket, []byte(testContent))
			if err != nil || messageID != "om_8baa3656c7b41900d29bf9104bf5310b" {
				t.Fatal(messageID, err)
			}
			want := wire{Line: row.line, Body: row.body, Header: http.Header{
				"Authorization": {"Bearer t-e31b09c7d5f2"},
				"X-Lark-Helpdesk-Authorization": {
					"NzAwMDAwMDAwMDAwMDAwMDAwMDpodC1jMmExZjlkMi05MGFiLTRjZGUtOGYwMS01ZDNlN2IxZjlhNjA="},
				"Content-Type": {"application/json; charset=utf-8"}, "Content-Length": {fmt.Sprint(len(got.Body))},
				"Accept-Encoding": {"gzip"}, "User-Agent": {"notiform"},
			}}
			if row.body == "" {
				want.Body = got.Body
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTicketCodes: each code over real HTTP is told in plain words, with what to
// do next, is a refusal or not, and is never asked for twice.
func TestTicketCodes(t *testing.T) {
	t.Parallel()
	const unknown, look = "it may or may not have been posted, and was not sent again", "look into the ticket before"
	for _, row := range []struct {
		status, code int
		reason, hint string
		refused      bool
	}{
		{400, 154000, "the form of the message is not accepted", "two forms of content", true},
		{400, 9499, "the form of the message is not accepted", "two forms of content", true},
		{401, 154001, "feishu answered", "belong to one tenant", true},
		{401, 154003, "the app may not write to tickets", "helpdesk:all", true},
		{403, 154003, "the app may not write to tickets", "helpdesk:all", true},
		{404, 154004, "there is no such ticket in this helpdesk", "FEISHU_HELPDESK_ID", true},
		{401, 154401, "the ticket is closed", "a ticket that is open", true},
		{401, 154403, "a link in the message is not accepted", "http:// or https://", true},
		{400, 99991672, "feishu answered", "missing scope", true},
		{400, 99991663, "feishu answered", "FEISHU_TENANT_ACCESS_TOKEN", true},
		{400, 99991668, "feishu answered", "FEISHU_TENANT_ACCESS_TOKEN", true},
		{400, 99991661, "feishu answered", "FEISHU_TENANT_ACCESS_TOKEN", true},
		{400, 99991401, "feishu answered", "IP allow-list", true},
		{400, 99991403, "feishu answered", "quota", true},
		{500, 155000, unknown, look, false},
		{200, 1663, unknown, look, false},
	} {
		t.Run(fmt.Sprint(row.status, row.code), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				reply(w, row.status, fmt.Sprintf(`{"code":%d,"msg":"the server's words"}`, row.code))
			})
			_, err := post(t, c)
			want := fmt.Sprintf("post message to ticket %s: %s: feishu answered code %d, \"the server's words\" (HTTP %d, log id %s)",
				testTicket, row.reason, row.code, row.status, testLogID)
			want = strings.Replace(want, "feishu answered: ", "", 1)
			if err == nil || err.Error() != want {
				t.Errorf("%v\nwant %s", err, want)
			}
			if hint := hintOf(err); !strings.Contains(hint, row.hint) || strings.Contains(hint, "USER_ACCESS") || strings.Contains(hint, "notification") {
				t.Errorf("hint %q", hint)
			}
			if IsRefused(err) != row.refused || asked.Load() != 1 {
				t.Errorf("refused %v after %d requests", IsRefused(err), asked.Load())
			}
		})
	}
}

// TestTicketMessageIsSentAgain only where it certainly was not taken: the number
// of attempts is what counts.
func TestTicketMessageIsSentAgain(t *testing.T) {
	t.Parallel()
	dial := unreachable(refusedDial)
	done := answers(200, posted)
	for _, row := range []struct {
		why      string
		steps    []step
		attempts int
		ok       bool
		refused  bool
	}{
		{"throttled, then taken", []step{throttles("x-ogw-ratelimit-reset", "1"), throttles(), done}, 3, true, false},
		{"throttled under HTTP 200", []step{answers(200, `{"code":99991400,"msg":"x"}`), done}, 2, true, false},
		{"throttled for ever", []step{throttles()}, 20, false, true},
		{"nobody listens at first", []step{dial, dial, done}, 3, true, false},
		{"nobody listens", []step{dial}, 4, false, true},
		{"a proxy refuses", []step{unreachable(proxyRefusal(403)), done}, 1, false, true},
		{"a proxy cannot at first", []step{unreachable(proxyRefusal(503)), done}, 2, true, false},
		{"throttled, then lost", []step{throttles(), breaks(reset), done}, 2, false, false},
		{"nobody listens, then lost", []step{dial, breaks(reset), done}, 2, false, false},
		{"the connection broke", []step{breaks(reset), done}, 1, false, false},
		{"the connection was closed", []step{breaks(io.EOF), done}, 1, false, false},
		{"an answer that broke off", []step{cutOff, done}, 1, false, false},
		{"no answer", []step{silence, done}, 1, false, false},
		{"a server error", []step{answers(500, `{"code":155000,"msg":"x"}`), done}, 1, false, false},
		{"a gateway's page", []step{answers(502, `<html>`, "Content-Type", "text/html"), done}, 1, false, false},
		{"half of the JSON", []step{answers(200, `{"code":0,"data":{"mess`), done}, 1, false, false},
		{"an empty answer", []step{answers(200, ``), done}, 1, false, false},
		{"a redirect", []step{answers(307, ``, "Location", "https://example.com/"), done}, 1, false, false},
		{"no message id is no failure", []step{answers(200, `{"code":0,"msg":"success","data":{}}`)}, 1, true, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := play(row.steps...)
				_, err := post(t, testClient(t, "", Options{Transport: s}))
				if (err == nil) != row.ok || IsRefused(err) != row.refused || len(s.at) != row.attempts {
					t.Errorf("%v, refused %v, after %d attempts", err, IsRefused(err), len(s.at))
				}
				told := err != nil && strings.Contains(err.Error(), "it may or may not have been posted, and was not sent again: ")
				if told == (row.ok || row.refused) {
					t.Errorf("told as unknown: %v", err)
				}
			})
		})
	}
}

// TestTicketMessageOverADeadConnection: net/http may take up a kept connection
// that the server has closed meanwhile, and must not send the message twice then.
func TestTicketMessageOverADeadConnection(t *testing.T) {
	t.Parallel()
	var taken atomic.Int32
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if taken.Add(1) > 1 { // the second message is taken, and its answer is lost
			panic(http.ErrAbortHandler)
		}
		reply(w, 200, posted)
	})
	if _, err := post(t, c); err != nil {
		t.Fatal(err)
	}
	_, err := post(t, c)
	if err == nil || IsRefused(err) || taken.Load() != 2 {
		t.Errorf("%v after %d requests", err, taken.Load())
	}
}

func TestTicketContentIsJudged(t *testing.T) {
	t.Parallel()
	s := play(answers(200, posted))
	c := testClient(t, "", Options{Transport: s})
	long := func(n int) string { return `{"post":"` + strings.Repeat("x", n-len(`{"post":""}`)) + `"}` }
	for _, row := range []struct{ why, ticket, content, want string }{
		{"nothing", testTicket, "", "its content is no JSON object"},
		{"a text", testTicket, `"{}"`, "its content is no JSON object"},
		{"half an object", testTicket, `{"post":`, "its content is no JSON object"},
		{"two objects", testTicket, `{}{}`, "its content is no JSON object"},
		{"no UTF-8", testTicket, "{\"a\":\"\xff\"}", "its content is no JSON object"},
		{"a byte too many", testTicket, long(MaxTicketContent + 1), "its content has 20001 bytes, and at most 20000 are sent"},
		{"no ticket", "", testContent, `"" is no ticket id`},
		{"a path", "..", testContent, `".." is no ticket id`},
	} {
		_, err := c.PostTicketMessage(t.Context(), row.ticket, []byte(row.content))
		if err == nil || !strings.HasSuffix(err.Error(), row.want) || !IsRefused(err) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	if len(s.at) != 0 {
		t.Errorf("%d of them were sent", len(s.at))
	}
	if _, err := c.PostTicketMessage(t.Context(), testTicket, []byte(long(MaxTicketContent))); err != nil {
		t.Error(err)
	}
}

var errStopped = errors.New("interrupted")

func TestTicketMessageStoppedBefore(t *testing.T) {
	t.Parallel()
	s := play(answers(200, posted))
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errStopped)
	_, err := testClient(t, "", Options{Transport: s}).PostTicketMessage(ctx, testTicket, []byte(testContent))
	if err == nil || err.Error() != "post message to ticket "+testTicket+": interrupted" || !IsRefused(err) || len(s.at) != 0 {
		t.Errorf("%v after %d requests", err, len(s.at))
	}
}

func TestTicketMessageStopped(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why     string
		steps   []step
		refused bool
	}{
		{"in flight: nobody knows", []step{silence}, false},
		{"while the server wants a pause: it was not taken", []step{throttles("x-ogw-ratelimit-reset", "60")}, true},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeoutCause(t.Context(), 10*time.Second, errStopped)
				defer stop()
				s := play(row.steps...)
				_, err := testClient(t, "", Options{Transport: s}).PostTicketMessage(ctx, testTicket, []byte(testContent))
				if !errors.Is(err, errStopped) || IsRefused(err) != row.refused || len(s.at) != 1 {
					t.Errorf("%v, refused %v, %d attempts", err, IsRefused(err), len(s.at))
				}
			})
		})
	}
}
