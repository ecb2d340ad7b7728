package spec

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestEditor: the server that editors judge YAML with says, by the schema, what is wrong and where, and
// nothing of a good draft; and it offers what can be written.
func TestEditor(t *testing.T) {
	t.Parallel()
	main := languageServer(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notiform.schema.json"), Schema(), 0o644); err != nil {
		t.Fatal(err)
	}
	e := newEditor(t, main, dir)
	for name, src := range exampleDrafts(t) {
		e.open(name, src)
	}
	rows := editorRows()
	for i, row := range rows {
		e.open(fmt.Sprintf("row%d.%s", i, row.ext), row.src)
	}
	for name := range exampleDrafts(t) {
		if got := e.told(name); len(got) > 0 {
			t.Errorf("%s: got %q", name, got)
		}
	}
	for i, row := range rows {
		if got := e.told(fmt.Sprintf("row%d.%s", i, row.ext)); !slices.Equal(got, row.want) {
			t.Errorf("%s: got\n%s\nof\n%s", row.why, strings.Join(got, "\n"), row.src)
		}
	}
	e.wantHelp()
}

type editorRow struct {
	why, ext, src string
	want          []string
}

// editorRows are drafts and what an editor says of them.
func editorRows() []editorRow {
	const modeline = "# yaml-language-server: $schema=notiform.schema.json\n"
	bad := func(why, want string, lines ...string) editorRow {
		return editorRow{why, "yaml", draftWith(lines...), []string{want}}
	}
	return []editorRow{
		{"every field, in several documents", "yaml", draftWith(
			`notification_id: "6985032626234982420"`, "push_scope_type: 2", "user_id_type:", "user_list: [ou_a, {user_id: ou_b, name: 张三, avatar_url: x}]", "department_list: [0, 12, true]",
			"chat_list: [{chat_id: oc_a, name: }]", "send_at: 2026-12-01T09:00:00+08:00", `ext: "{}"`) + "---\n# nothing\n---\n" +
			draftWith("push_type: 1", "push_scope_type: new_staff", "new_staff_scope_type: departments", "new_staff_scope_department_list: [od-a]", "-push_content", "push_content_file: a.json") + "---\n" +
			draftWith("user_list:", "new_staff_scope_type: null", "send_at: 1764550800000", "push_content: |\n  {\"elements\": []}"), nil},
		{"aliases and merges", "yaml", "<<: {push_type: 1, push_scope_type: chats_only, new_staff_scope_type: 0}\njob_name: &a a\next: *a\nchat_list: [oc_a]\n" +
			"push_content: {elements: [&hr {tag: hr}, *hr , {<<: *hr }]}\n", nil},
		{"what a warning is for", "yaml", draftWith("notification_id: 6985032626234982420", "new_staff_scope_type: all", "push_content: {elements: [{tag: markdown, content: \"{{x}}\"}, {tag: action, actions: [{tag: button, text: {tag: plain_text, content: a}}]}]}"), nil},
		{"by the line that import writes", "yml", modeline + "job_name: a\n", []string{
			`2:1: Missing property "push_type".`, `2:1: Missing property "push_scope_type".`, "2:1: push_content is missing: " + writeContent,
		}},
		{"a second document", "yaml", draftWith() + "---\n" + draftWith("job_name: 7"), []string{`6:11: Incorrect type. Expected "string".`}},
		bad("a typing error", "5:1: Property titel is not allowed.", "titel: a"),
		bad("what Feishu sets", "5:1: Property status is not allowed.", "status: 0"),
		bad("no text", `1:11: Incorrect type. Expected "string".`, "job_name: 7"),
		bad("a value that there is not", `2:12: Value is not accepted. Valid values: "scheduled", "new_staff", 0, 1.`, "push_type: sometimes"),
		bad("scheduled-scope", "3:1: "+scheduledForNewStaff+": "+writeNewStaffPush, "push_scope_type: new_staff"),
		bad("new-staff-scope", "3:1: push_type new_staff cannot have push_scope_type all_members: "+writeNewStaffScope, "push_type: 1", "new_staff_scope_type: 0"),
		bad("new-staff-type-missing", "2:1: "+newStaffOfNoScope+": "+writeNewStaffScopeType, "push_type: 1", "push_scope_type: 3"),
		bad("new-staff-departments-missing", "5:1: "+newStaffOfNobody+": "+listDepartments, "push_type: 1", "push_scope_type: 3", "new_staff_scope_type: 1"),
		bad("audience-not-allowed", "5:1: user_list must be empty with push_scope_type all_members: "+removeAudience, "user_list: [ou_a]"),
		bad("audience-missing", "3:1: "+noAudience+": "+listAudience, "push_scope_type: selected_members", "user_list: []"),
		bad("chats-missing", "3:1: "+noChats+": "+listChats, "push_scope_type: 1"),
		bad("two cards", "5:1: "+contentTwice+": "+removeOne, "push_content_file: a.json"),
		bad("a name for an id", "5:13: "+onlyIDCharacters, "push_scope_type: 2", "user_list: [张三]"),
		bad("another kind of id", "5:13: every open_id begins with ou_, by user_id_type", "push_scope_type: 2", "user_list: [on_a]"),
		bad("the same by the type", "5:13: every union_id begins with on_, by user_id_type", "push_scope_type: 2", "user_list: [ou_a]", "user_id_type: union_id"),
		bad("no chat", "5:13: "+chatIDBeginsWith, "chat_list: [ou_a]"),
		bad("an id twice", "5:12: Array has duplicate items.", "chat_list: [oc_a, oc_a]"),
		bad("a time without an offset", "5:10: "+writeSendAt, "send_at: 2026-12-01T09:00:00"),
		bad("no card", "4:15: "+writeCard, "push_content: [a]"),
		bad("an element without its text", `4:27: Missing property "text".`, "push_content: {elements: [{tag: div}]}"),
	}
}

// wantHelp wants words and values offered where they are typed, and an answer to what a field is.
func (e *editor) wantHelp() {
	e.t.Helper()
	for i, row := range []struct {
		typed string
		want  []string
	}{
		{"push_", []string{"push_type", "push_scope_type", "push_content", "push_content_file"}},
		{"push_scope_type: ", PushScopeNames()},
		{"user_list:\n  - ", []string{"user_id", "name"}},
		{"push_content:\n  ", []string{"header", "elements"}},
		{"push_content:\n  header:\n    template: ", []string{"turquoise", "carmine"}},
		{"push_content:\n  elements:\n    - tag: ", []string{"div", "markdown", "hr"}},
		{"push_content:\n  elements:\n    - tag: div\n      ", []string{"text", "fields"}},
	} {
		name := fmt.Sprintf("typed%d.yaml", i)
		e.open(name, row.typed)
		var offered struct{ Items []struct{ Label string } }
		e.ask("textDocument/completion", e.behind(name, row.typed), &offered)
		var labels []string
		for _, item := range offered.Items {
			labels = append(labels, item.Label)
		}
		for _, want := range row.want {
			if !slices.Contains(labels, want) {
				e.t.Errorf("behind %q it offers %q, and not %q", row.typed, labels, want)
			}
		}
	}
	e.open("hover.yaml", draftWith())
	var hover struct{ Contents struct{ Value string } }
	e.ask("textDocument/hover", e.behind("hover.yaml", "push"), &hover)
	if text := strings.ReplaceAll(hover.Contents.Value, `\`, ""); !strings.Contains(text, aboutJobName) {
		e.t.Errorf("it says %q of job_name", text)
	}
}

// languageServer installs the server beside a copy of testdata/node; no script of a package is run. Where
// npm is not reached, there is none.
func languageServer(t *testing.T) (main string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--fetch-retries=0", "--fetch-timeout=5000")
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		reason, _, _ := strings.Cut(string(said), "\n")
		t.Skipf("the language server cannot be installed: %v %s", err, reason)
	}
	return filepath.Join(dir, "node_modules", "yaml-language-server", "bin", "yaml-language-server")
}

// editor is an editor's side of the language server's protocol.
type editor struct {
	t       *testing.T
	folder  string // as an address
	in      io.Writer
	out     *bufio.Reader
	asked   int
	set     bool                // the server has its settings
	verdict map[string][]string // by address
}

// newEditor starts a server for a folder, whose *.yaml are drafts by the settings of the editor.
func newEditor(t *testing.T, main, dir string) *editor {
	t.Helper()
	server := exec.CommandContext(t.Context(), "node", main, "--stdio")
	in, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = in.Close(), server.Process.Kill(); _ = server.Wait() })
	e := &editor{t: t, folder: "file://" + filepath.ToSlash(dir) + "/", in: in, out: bufio.NewReader(out), verdict: map[string][]string{}}
	e.ask("initialize", map[string]any{"processId": os.Getpid(), "rootUri": e.folder, "capabilities": map[string]any{}}, nil)
	e.send(map[string]any{"method": "initialized", "params": struct{}{}})
	for !e.set { // of a file that it sees before, it would say nothing at first
		e.receive()
	}
	const early = "early.yaml"
	for e.open(early, "titel: a\n"); len(e.told(early)) == 0; e.open(early, "titel: a\n") { // it may not have the schema yet
		delete(e.verdict, e.folder+early)
	}
	return e
}

func (e *editor) send(message map[string]any) {
	e.t.Helper()
	message["jsonrpc"] = "2.0"
	text, err := json.Marshal(message)
	if err != nil {
		e.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(text), text); err != nil {
		e.t.Fatal(err)
	}
}

// received is what a message of the server may have.
type received struct {
	ID     json.RawMessage
	Method string
	Result json.RawMessage
	Params struct {
		URI         string
		Diagnostics []struct {
			Range   struct{ Start struct{ Line, Character int } }
			Message string
		}
	}
}

// receive takes one message, keeps what it finds wrong and answers what it asks: the settings.
func (e *editor) receive() (m received) {
	e.t.Helper()
	header, err := textproto.NewReader(e.out).ReadMIMEHeader()
	if err != nil {
		e.t.Fatal(err)
	}
	length, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil {
		e.t.Fatal(err)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(e.out, text); err != nil {
		e.t.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		e.t.Fatalf("%s: %v", text, err)
	}
	switch {
	case m.Method == "textDocument/publishDiagnostics":
		e.verdict[m.Params.URI] = []string{}
		for _, d := range m.Params.Diagnostics {
			said := fmt.Sprintf("%d:%d: %s", d.Range.Start.Line+1, d.Range.Start.Character+1, d.Message)
			e.verdict[m.Params.URI] = append(e.verdict[m.Params.URI], said)
		}
	case m.Method == "workspace/configuration":
		noStore := map[string]any{"enable": false} // it would ask the network for schemas, and wait for an answer
		yaml := map[string]any{"validate": true, "completion": true, "hover": true, "schemaStore": noStore, "schemas": map[string]any{e.folder + "notiform.schema.json": "*.yaml"}}
		e.send(map[string]any{"id": m.ID, "result": []any{yaml, nil, nil, nil, nil}})
		e.set = true
	case m.Method != "" && m.ID != nil:
		e.send(map[string]any{"id": m.ID, "result": nil})
	}
	return m
}

// ask sends a request, and reads its answer.
func (e *editor) ask(method string, params, into any) {
	e.t.Helper()
	e.asked++
	e.send(map[string]any{"id": e.asked, "method": method, "params": params})
	m := e.receive()
	for m.Method != "" || string(m.ID) != strconv.Itoa(e.asked) {
		m = e.receive()
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(m.Result, into); err != nil {
		e.t.Errorf("%s: %s: %v", method, m.Result, err)
	}
}

// open opens a file.
func (e *editor) open(name, text string) {
	e.t.Helper()
	e.send(map[string]any{"method": "textDocument/didOpen", "params": map[string]any{
		"textDocument": map[string]any{"uri": e.folder + name, "languageId": "yaml", "version": 1, "text": text},
	}})
}

// told is what the server finds wrong with a file.
func (e *editor) told(name string) []string {
	e.t.Helper()
	for {
		if found, ok := e.verdict[e.folder+name]; ok {
			return found
		}
		e.receive()
	}
}

// behind is the place in a file where a text ends.
func (e *editor) behind(name, text string) map[string]any {
	lines := strings.Split(text, "\n")
	return map[string]any{
		"textDocument": map[string]any{"uri": e.folder + name},
		"position":     map[string]any{"line": len(lines) - 1, "character": len(lines[len(lines)-1])},
	}
}
