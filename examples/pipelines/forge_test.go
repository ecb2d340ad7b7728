package pipelines_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// forge stands in for GitHub. Where a recipe speaks to it through gh, a script lies in that place,
// which hands its arguments to the forge. It keeps what was posted, asks for the rights that the
// real one asks for, and remembers every call.
type forge struct {
	t       *testing.T
	handle  func(c forgeCall) (answer any, code int)
	token   string // the one that is known
	mu      sync.Mutex
	calls   []forgeCall
	stubs   string // a directory with gh and go
	entries map[string][]map[string]any
	lastID  int
}

// forgeCall is one request, or one run of gh.
type forgeCall struct {
	program      string
	args         []string
	env          map[string]string
	stdin        string
	method, path string
	query        url.Values
	fields       map[string]string
}

// String is a call as a test names it, such as "POST issues/7/comments".
func (c forgeCall) String() string { return c.method + " " + c.path }

// stub is bash for its /dev/tcp: no program is needed beside it.
const stub = `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/%d || exit 90
{
	printf '%%s\0' "${0##*/}" "$#" "$@"
	env -0
	printf '\0'
	case " $* " in *' - '*) cat ;; esac
	printf '\0'
} >&3
IFS= read -r code <&3
exit "$code"
`

// newForge listens until the test has ended.
func newForge(t *testing.T, token string) *forge {
	t.Helper()
	f := &forge{t: t, token: token, stubs: t.TempDir(), entries: map[string][]map[string]any{}, lastID: 100}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	t.Cleanup(func() {
		listener.Close()
		served.Wait()
	})
	port := listener.Addr().(*net.TCPAddr).Port
	f.write("gh", fmt.Sprintf(stub, port))
	served.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			served.Go(func() { f.serve(connection) })
		}
	})
	return f
}

func (f *forge) write(name, script string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.stubs, name), []byte(script), 0o755); err != nil {
		f.t.Fatal(err)
	}
}

// serve answers one call.
func (f *forge) serve(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReader(connection)
	next := func() string {
		s, err := in.ReadString(0)
		if err != nil {
			f.t.Errorf("the stub ended early: %v", err)
		}
		return strings.TrimSuffix(s, "\x00")
	}
	c := forgeCall{program: next(), env: map[string]string{}, fields: map[string]string{}}
	n, _ := strconv.Atoi(next())
	for range n {
		c.args = append(c.args, next())
	}
	for pair := next(); pair != ""; pair = next() {
		name, value, _ := strings.Cut(pair, "=")
		c.env[name] = value
	}
	c.stdin = next()
	fmt.Fprintf(connection, "%d\n", f.run(c))
}

// run is what gh would do.
func (f *forge) run(c forgeCall) (code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := c.parse()
	if err == nil && c.env["GH_TOKEN"] != f.token {
		err = fmt.Errorf("401: the token is not known")
	}
	f.calls = append(f.calls, c)
	if err != nil {
		f.t.Errorf("%s %q: %v", c.program, c.args, err)
		return 1
	}
	_, code = f.handle(c)
	return code
}

// parse reads the arguments, in the orders that the recipes have use for: the fields are JSON on standard
// input, or arguments.
func (c *forgeCall) parse() error {
	if len(c.args) < 7 || !slices.Equal(c.args[:3], []string{"api", "--silent", "--method"}) {
		return fmt.Errorf("only gh api --silent --method METHOD PATH and fields are known")
	}
	c.method, c.path = c.args[3], strings.TrimPrefix(c.args[4], "repos/acme/helpdesk/")
	if slices.Equal(c.args[5:], []string{"--input", "-"}) {
		return json.Unmarshal([]byte(c.stdin), &c.fields)
	}
	for option := range slices.Chunk(c.args[5:], 2) {
		name, value, ok := strings.Cut(option[len(option)-1], "=")
		if option[0] != "--raw-field" || !ok {
			return fmt.Errorf("%q is no field", option)
		}
		c.fields[name] = value
	}
	return nil
}

func pageSize(query url.Values) int {
	if n, err := strconv.Atoi(query.Get("per_page")); err == nil && n > 0 {
		return n
	}
	return 30
}

// add puts an entry into one of the forge's lists and returns its id.
func (f *forge) add(list string, entry map[string]any) int {
	f.lastID++
	entry["id"] = f.lastID
	f.entries[list] = append(f.entries[list], entry)
	return f.lastID
}

// find is the entry of a list with that id.
func (f *forge) find(list, key, id string) map[string]any {
	for _, entry := range f.entries[list] {
		if fmt.Sprint(entry[key]) == id {
			return entry
		}
	}
	return nil
}

// posted is a text of each entry of a list.
func (f *forge) posted(list, key string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var texts []string
	for _, entry := range f.entries[list] {
		texts = append(texts, fmt.Sprint(entry[key]))
	}
	return texts
}

// made is how many calls came. Taking the lock for it orders what the test does to the forge's
// lists, before and behind the processes that it starts, with what those processes do.
func (f *forge) made() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.calls)
}

// called are the calls that changed something, in order.
func (f *forge) called() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, c := range f.calls {
		if c.method != "GET" {
			all = append(all, c.String())
		}
	}
	return all
}

// everything is all that the forge was told, for the search for secrets: arguments, and texts.
func (f *forge) everything() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b strings.Builder
	for _, c := range f.calls {
		fmt.Fprintf(&b, "%q %v\n", c.args, c.fields)
	}
	return b.String()
}
