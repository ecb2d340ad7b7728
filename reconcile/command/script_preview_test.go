package command_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// shows FILE PATTERN [QUERY] waits until the page whose address preview writes to FILE matches PATTERN,
// with a QUERY or as it opens. It follows the events of the page, as a browser does.
func shows(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: shows FILE PATTERN [QUERY]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	query, pattern := strings.Join(args[2:], ""), regexp.MustCompile("(?s)"+args[1])
	address := addressIn(ts, ctx, ts.MkAbs(args[0]))
	events := fetched(ts, ctx, address+"events")
	defer events.Close()
	var got []byte
	for lines := bufio.NewScanner(events); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "data: ") {
			page := fetched(ts, ctx, address+query)
			got, _ = io.ReadAll(page)
			page.Close()
		}
		if pattern.Match(got) {
			return
		}
	}
	_, body, _ := strings.Cut(string(got), "<body>")
	ts.Fatalf("the page does not show %s:\n%s", pattern, body)
}

// addressIn waits for an address in a file.
func addressIn(ts *testscript.TestScript, ctx context.Context, file string) string {
	for ; ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if src, _ := os.ReadFile(file); strings.HasSuffix(string(src), "\n") {
			return strings.TrimSpace(string(src))
		}
	}
	ts.Fatalf("no address was printed")
	return ""
}

func fetched(ts *testscript.TestScript, ctx context.Context, address string) io.ReadCloser {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	ts.Check(err)
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	return answer.Body
}
