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

	"github.com/itchyny/gojq"
)

// forge stands in for GitHub where a recipe speaks to it through gh; in its
// place lie scripts that hand their arguments to the forge and print what it answers. It keeps
// what was posted, asks for the rights that the real one asks for, and remembers every call.
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

// forgeCall is one run of gh.
type forgeCall struct {
	program           string
	args              []string
	env               map[string]string
	stdin             string
	method, path      string
	query             url.Values
	fields            map[string]string
	jq, token         string
	paginate, printed bool
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
cat <&3
exit "$code"
`

// goStub takes the place of go build: the program that the tests run is built already.
const goStub = `#!/bin/bash
printf '%%s\n' "$*" >>%[1]q
while [[ $# -gt 0 ]]; do
	[[ $1 != -o ]] || exec ln -sf %[2]q "$2"
	shift
done
exit 90
`

// newForge listens until the test has ended.
func newForge(t *testing.T, notiform, token string) *forge {
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
	f.write("go", fmt.Sprintf(goStub, filepath.Join(f.stubs, "built"), notiform))
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
	out, code := f.run(c)
	fmt.Fprintf(connection, "%d\n%s", code, out)
}

// run is what gh would do.
func (f *forge) run(c forgeCall) (out string, code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := c.parse()
	if err == nil && c.token != f.token {
		err = fmt.Errorf("401: the token is not known")
	}
	f.calls = append(f.calls, c)
	if err != nil {
		f.t.Errorf("%s %q: %v", c.program, c.args, err)
		return "", 1
	}
	answer, status := f.handle(c)
	if list, ok := answer.([]map[string]any); ok && list == nil {
		answer = []any{} // an empty list, not null
	}
	if status != 0 {
		return "", status
	}
	if !c.printed {
		return "", 0
	}
	out, err = c.render(answer)
	if err != nil {
		f.t.Errorf("%s: %v", c, err)
		return "", 1
	}
	return out, 0
}

// parse reads the arguments, of which it knows only those that the recipes have use for.
func (c *forgeCall) parse() error {
	c.method, c.printed = "GET", true
	var target string
	args := c.args
	if c.program == "gh" {
		c.token = c.env["GH_TOKEN"]
		if len(args) == 0 || args[0] != "api" {
			return fmt.Errorf("only gh api is known")
		}
		args = args[1:]
	} else {
		header, ok := strings.CutPrefix(strings.TrimSpace(c.stdin), `header = "PRIVATE-TOKEN: `)
		if c.token = strings.TrimSuffix(header, `"`); !ok {
			return fmt.Errorf("no token comes by standard input")
		}
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		value := ""
		if takesArgument(arg) {
			if len(args) == 0 {
				return fmt.Errorf("%s lacks its argument", arg)
			}
			value, args = args[0], args[1:]
		}
		switch arg {
		case "--paginate":
			c.paginate = true
		case "--silent":
			c.printed = c.program == "curl"
		case "--show-error", "--fail", "--config":
		case "--method", "--request":
			c.method = value
		case "--jq":
			c.jq = value
		case "--field", "--raw-field", "--data-urlencode":
			if err := c.field(arg, value); err != nil {
				return err
			}
		case "--input":
			if err := json.Unmarshal([]byte(c.stdin), &c.fields); err != nil {
				return fmt.Errorf("the input is no JSON: %w", err)
			}
		default:
			if strings.HasPrefix(arg, "-") || target != "" {
				return fmt.Errorf("%q is not known", arg)
			}
			target = arg
		}
	}
	u, err := url.Parse(target)
	if err != nil {
		return err
	}
	c.query = u.Query()
	c.path = strings.TrimPrefix(strings.TrimPrefix(u.Path, "/api/v4/"), "repos/acme/helpdesk/")
	return nil
}

func takesArgument(arg string) bool {
	return slices.Contains([]string{"--method", "--request", "--jq", "--field", "--raw-field", "--data-urlencode", "--input", "--config"}, arg)
}

// field takes NAME=VALUE, NAME=@FILE as gh has it and NAME@FILE as curl has it.
func (c *forgeCall) field(flag, text string) error {
	name, value, isValue := strings.Cut(text, "=")
	file := ""
	if name2, file2, ok := strings.Cut(text, "@"); flag == "--data-urlencode" && ok && (!isValue || len(name2) < len(name)) {
		name, file = name2, file2
	} else if flag == "--field" {
		file, _ = strings.CutPrefix(value, "@")
		if file == value {
			return fmt.Errorf("%s guesses the type of %q", flag, text)
		}
	}
	if file != "" {
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		value = string(src)
	}
	c.fields[name] = value
	return nil
}

// render prints an answer: through the program of --jq, page by page, or as JSON.
func (c forgeCall) render(answer any) (string, error) {
	src, err := json.Marshal(answer) // escapes < and > as GitLab does
	if err != nil {
		return "", err
	}
	if c.program == "curl" {
		return string(src), nil
	}
	var document any
	if err := json.Unmarshal(src, &document); err != nil {
		return "", err
	}
	pages := []any{document}
	if list, ok := document.([]any); ok {
		pages = nil
		for page := range slices.Chunk(list, pageSize(c.query)) {
			pages = append(pages, page)
		}
		if !c.paginate {
			pages = pages[:min(1, len(pages))]
		}
	}
	query, err := gojq.Parse(c.jq)
	if err != nil {
		return "", err
	}
	code, err := gojq.Compile(query, gojq.WithEnvironLoader(c.environ))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, page := range pages {
		for results := code.Run(page); ; {
			v, ok := results.Next()
			if !ok {
				break
			}
			if err, isErr := v.(error); isErr {
				return "", err
			}
			if text, isText := v.(string); isText {
				b.WriteString(text + "\n")
				continue
			}
			line, err := gojq.Marshal(v)
			if err != nil {
				return "", err
			}
			b.WriteString(string(line) + "\n")
		}
	}
	return b.String(), nil
}

func (c forgeCall) environ() []string {
	var all []string
	for name, value := range c.env {
		all = append(all, name+"="+value)
	}
	return all
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
