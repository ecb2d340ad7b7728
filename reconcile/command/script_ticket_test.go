package command_test

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// ticket ID STATUS gives the sandbox a ticket: 1 to 5 is open, 50 to 52 closed.
func ticket(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ticket ID STATUS")
	}
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	serverOf(ts).SetTicket(args[0], status)
}

// messages N [LANGUAGE] wants so many messages at tickets and prints the last one as a reader of
// that language sees it, with links as TEXT→ADDRESS.
func messages(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: messages N [LANGUAGE]")
	}
	posted := serverOf(ts).Messages()
	if strconv.Itoa(len(posted)) != args[0] {
		ts.Fatalf("%d messages were posted, want %s", len(posted), args[0])
	}
	if len(args) == 1 {
		return
	}
	last := posted[len(posted)-1]
	var content struct {
		Post map[string]struct {
			Title   string
			Content [][]struct{ Tag, Text, Href string }
		}
	}
	ts.Check(json.Unmarshal([]byte(last.Content), &content))
	body := content.Post[args[1]]
	fmt.Fprintf(ts.Stdout(), "ticket %s: %s\n", last.TicketID, body.Title)
	for _, paragraph := range body.Content {
		for _, tag := range paragraph {
			fmt.Fprint(ts.Stdout(), tag.Text)
			if tag.Tag == "a" {
				fmt.Fprint(ts.Stdout(), "→", tag.Href)
			}
		}
		fmt.Fprintln(ts.Stdout())
	}
}
