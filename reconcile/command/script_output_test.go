package command_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"notiform/feishu/sandbox"
)

var (
	digestText    = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
	mergeBaseText = regexp.MustCompile(`merge base [0-9a-f]{7}\b`)
	originText    = regexp.MustCompile(`(still has the text of |the nearest is )[0-9a-f]{7}`)
	logIDText     = regexp.MustCompile(`\b20\d{12}[0-9A-F]{20}\b`)
	editedText    = regexp.MustCompile(`(last changed on the server )\S+`)
)

// steady replaces in the last output what no two runs share: the sandbox's address, digests
// (which cover it), the merge base, log ids and when somebody edited something at the console.
func steady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: steady")
	}
	ts.Check(writeSteady(ts, ts.Stdout(), "stdout"))
	ts.Check(writeSteady(ts, ts.Stderr(), "stderr"))
}

func writeSteady(ts *testscript.TestScript, w io.Writer, name string) error {
	text := ts.ReadFile(name)
	if url := ts.Getenv("FEISHU_BASE_URL"); url != "" {
		text = strings.ReplaceAll(text, url, "http://sandbox")
		text = strings.ReplaceAll(text, strings.TrimPrefix(url, "http://"), "sandbox")
	}
	text = digestText.ReplaceAllString(text, "sha256:DIGEST")
	text = mergeBaseText.ReplaceAllString(text, "merge base COMMIT")
	text = originText.ReplaceAllString(text, "${1}COMMIT")
	text = editedText.ReplaceAllString(text, "${1}JUST-NOW")
	_, err := io.WriteString(w, logIDText.ReplaceAllString(text, "LOG-ID"))
	return err
}

// json PATH VALUE [PATH VALUE ...] wants the last stdout to be one JSON document that has these
// values: compact JSON or, for a text, the text itself. A PATH is drafts.0.action; drafts.len is
// how many there are.
func jsonHas(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || len(args)%2 != 0 {
		ts.Fatalf("usage: json PATH VALUE [PATH VALUE ...]")
	}
	document := []byte(ts.ReadFile("stdout"))
	for i := 0; i < len(args); i += 2 {
		if got := jsonValue(ts, document, args[i]); (got == args[i+1]) == neg {
			ts.Fatalf("%s is %s, want %s", args[i], got, args[i+1])
		}
	}
}

// jsonValue is the value at a path of a JSON document; "absent" where there is none.
func jsonValue(ts *testscript.TestScript, document []byte, path string) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	ts.Check(decoder.Decode(&value))
	if _, err := decoder.Token(); err != io.EOF {
		ts.Fatalf("there is more behind the JSON document (%v)", err)
	}
	for step := range strings.SplitSeq(path, ".") {
		value = jsonStep(value, step)
	}
	if text, ok := value.(string); ok {
		return text
	}
	compact, err := json.Marshal(value)
	ts.Check(err)
	return string(compact)
}

// jsonStep is one step of a path.
func jsonStep(value any, step string) any {
	switch v := value.(type) {
	case map[string]any:
		if member, ok := v[step]; ok {
			return member
		}
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i < len(v) {
			return v[i]
		}
		if step == "len" {
			return len(v)
		}
	}
	return "absent"
}

// nosecrets wants none of the secrets in FEISHU_* in the last output, in no form that goes over
// the wire.
func noSecrets(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: nosecrets")
	}
	token := ts.Getenv("FEISHU_HELPDESK_TOKEN")
	header := base64.StdEncoding.EncodeToString([]byte(ts.Getenv("FEISHU_HELPDESK_ID") + ":" + token))
	user := strings.TrimPrefix(ts.Getenv("FEISHU_USER_ACCESS_TOKEN"), "Bearer ")
	output := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	for _, secret := range []string{
		token, header, user, ts.Getenv("FEISHU_APP_SECRET"), ts.Getenv("FEISHU_TENANT_ACCESS_TOKEN"),
		sandbox.DefaultTenantToken, // which all that a sandbox issues begin with
	} {
		if secret != "" && strings.Contains(output, secret) {
			ts.Fatalf("the output holds the secret %q", secret)
		}
	}
}
