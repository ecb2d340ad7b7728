package sandbox

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faultBefore brings on what happens before a request is looked at. done says
// that it ends there, with ans.
func (s *Server) faultBefore(c *call) (ans answer, done bool) {
	f := c.fault
	if f.Before != nil {
		s.Edit(c.id, f.Before)
	}
	switch f.Kind {
	case Throttle:
		return s.throttled(c, 100, f.text("1")), true
	case ErrorBeforeCommit:
		return s.scriptedError(c), true
	case HTML:
		return htmlAnswer(int(f.number(http.StatusBadGateway))), true
	case Redirect:
		to := map[string]string{"Location": f.text("https://redirect.invalid/")}
		return answer{status: http.StatusTemporaryRedirect, kind: "text/plain", headers: to, reason: "scripted fault"}, true
	case DropBeforeCommit:
		panic(http.ErrAbortHandler)
	case Hang:
		s.hang(c)
	case Slow:
		s.slow(c)
	case EditBefore:
		s.Edit(c.id, f.edit())
	case LeaveDraft:
		s.SetStatus(c.id, int(f.number(statusPending)))
	}
	return answer{}, false
}

// faultAfter brings on what happens once a request has been carried out; it
// changes the answer, cuts the connection instead of it, or has sent it.
func (s *Server) faultAfter(w http.ResponseWriter, c *call, ans *answer) (sent bool) {
	f := c.fault
	if f.After != nil {
		s.Edit(c.id, f.After)
	}
	switch f.Kind {
	case EditAfter:
		s.Edit(c.id, f.edit())
	case ErrorAfterCommit:
		*ans = s.scriptedError(c)
	case DropAfterCommit:
		panic(http.ErrAbortHandler)
	case HangAfterCommit:
		s.hang(c)
	case DropInAnswer:
		s.dropInAnswer(w, c, *ans)
	case Truncate:
		ans.body = ans.body[:len(ans.body)/2]
	case ContentType:
		ans.kind = f.text("text/plain; charset=utf-8")
	case Huge:
		s.huge(w, c, *ans)
		return true
	}
	return false
}

// scriptedError is the answer of ErrorBeforeCommit and ErrorAfterCommit: JSON
// with a code, or the HTML page of a gateway when the fault gives a status alone.
func (s *Server) scriptedError(c *call) answer {
	status, code, hasCode := strings.Cut(c.fault.text("500/155000"), "/")
	httpStatus, _ := strconv.Atoi(status)
	if !hasCode {
		return htmlAnswer(httpStatus)
	}
	number, _ := strconv.Atoi(code)
	_, msg := meaning(number)
	return s.refusal(c, httpStatus, number, msg, "scripted fault", "")
}

func htmlAnswer(status int) answer {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{status: status, kind: "text/html", body: []byte(page), reason: "scripted fault"}
}

// hang never answers: it waits until the client, or the server, has gone.
func (s *Server) hang(c *call) {
	<-c.request.Context().Done()
	panic(http.ErrAbortHandler)
}

func (s *Server) slow(c *call) {
	d, _ := time.ParseDuration(c.fault.text("1s"))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		c.now = time.Now()
	case <-c.request.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// dropInAnswer sends half of an answer whose length it has promised.
func (s *Server) dropInAnswer(w http.ResponseWriter, c *call, ans answer) {
	s.note(c, ans)
	w.Header().Set("Content-Length", strconv.Itoa(len(ans.body)))
	s.sendHeader(w, c, ans)
	w.Write(ans.body[:len(ans.body)/2])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// huge sends an answer with megabytes of white space before its last brace, for
// as long as the client reads.
func (s *Server) huge(w http.ResponseWriter, c *call, ans answer) {
	s.note(c, ans)
	s.sendHeader(w, c, ans)
	end := len(ans.body) - 1
	w.Write(ans.body[:end])
	blank := bytes.Repeat([]byte{' '}, 1<<16)
	for range int(c.fault.number(64)) << 4 {
		if _, err := w.Write(blank); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	w.Write(ans.body[end:])
}
