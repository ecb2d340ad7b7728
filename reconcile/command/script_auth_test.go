package command_test

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// browse is the program browser: it opens the address in the file that its argument names, as soon as
// there is one, and prints the page.
func browse() int {
	address := regexp.MustCompile(`(?m)consent: (\S+)$`)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(os.Args[1])
		found := address.FindSubmatch(text)
		if found == nil || !strings.HasSuffix(string(text), "\n") {
			continue
		}
		resp, err := http.Get(string(found[1]))
		if err != nil {
			fmt.Println(err)
			return 1
		}
		io.Copy(os.Stdout, resp.Body)
		return 0
	}
	return 1
}

// ahead DURATION sets the sandbox's clock ahead by so much more.
func ahead(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ahead DURATION")
	}
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	serverOf(ts).Advance(d)
}

// freeport NAME sets a variable of the page to a port that nobody listens on.
func freeport(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(socket.Addr().(*net.TCPAddr).Port))
	ts.Check(socket.Close())
}

// issued are the tokens that a sandbox gives out to users who log in.
var issued = regexp.MustCompile(`(eyJ-sandbox|device|code)-[a-zA-Z-]*[A-Z2-7]{20,}`)

// notokens wants none of the tokens that the sandbox gave out in the last output, nor in any file of
// the page but the store and what is kept aside of it; and wants the store to have some, so that a
// token would be found.
func noTokens(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: notokens")
	}
	store := ts.MkAbs(ts.Getenv("NOTIFORM_TOKEN_STORE"))
	for _, name := range []string{"stdout", "stderr"} {
		if token := issued.FindString(ts.ReadFile(name)); token != "" {
			ts.Fatalf("%s holds the token %s", name, token)
		}
	}
	if !issued.MatchString(ts.ReadFile(store)) {
		ts.Fatalf("the store holds no token")
	}
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || name == store || strings.HasPrefix(name, store+".ended-") {
			return err
		}
		text, err := os.ReadFile(name)
		if token := issued.Find(text); token != nil {
			ts.Fatalf("%s holds the token %s", name, token)
		}
		return err
	}))
}
