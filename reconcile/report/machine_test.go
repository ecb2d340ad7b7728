package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func decode(t fataler, src []byte, into any) {
	if err := json.Unmarshal(src, into); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
}

// sarifSchema is the official schema, OASIS's file as it stands.
var sarifSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	src, err := os.ReadFile(filepath.Join("testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", document); err != nil {
		return nil, err
	}
	return c.Compile("sarif.json")
})

type sarifLog struct {
	Runs []struct {
		Results []struct {
			RuleID       string            `json:"ruleId"`
			RuleIndex    int               `json:"ruleIndex"`
			Fingerprints map[string]string `json:"partialFingerprints"`
			Locations    []struct {
				PhysicalLocation struct {
					ArtifactLocation struct {
						URI string `json:"uri"`
					} `json:"artifactLocation"`
				} `json:"physicalLocation"`
			} `json:"locations"`
		} `json:"results"`
		Tool struct {
			Driver struct {
				Rules []struct {
					ID string `json:"id"`
				} `json:"rules"`
			} `json:"driver"`
		} `json:"tool"`
	} `json:"runs"`
}

// wantSARIF wants a log that the official schema takes, without anything empty in it, whose
// results name their rules and lie at addresses that are URIs, each with a fingerprint of its own.
func wantSARIF(t fataler, src []byte) sarifLog {
	schema, err := sarifSchema()
	if err != nil {
		t.Fatalf("the schema: %v", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if err := schema.Validate(document); err != nil {
		t.Errorf("%v in\n%s", err, src)
	}
	if empty := emptyIn(document, ""); empty != "" && !strings.HasSuffix(empty, ".results") {
		t.Errorf("%s is empty", empty)
	}
	var log sarifLog
	decode(t, src, &log)
	seen := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		if rules := log.Runs[0].Tool.Driver.Rules; rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("ruleIndex %d is %s, want %s", r.RuleIndex, rules[r.RuleIndex].ID, r.RuleID)
		}
		if hash := r.Fingerprints["primaryLocationLineHash"]; hash == "" || seen[hash] {
			t.Errorf("the fingerprint %q is missing or taken", hash)
		} else {
			seen[hash] = true
		}
		address := r.Locations[0].PhysicalLocation.ArtifactLocation.URI
		if _, err := url.Parse(address); err != nil || !uriCharacters.MatchString(address) {
			t.Errorf("%q is no URI: %v", address, err)
		}
	}
	return log
}

var uriCharacters = regexp.MustCompile(`^(file:)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$`)

// emptyIn is the path of the first empty object, array or string, or "".
func emptyIn(v any, path string) string {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if found := emptyIn(member, path+"."+name); found != "" {
				return found
			}
		}
		if len(v) > 0 {
			return ""
		}
	case []any:
		for i, item := range v {
			if found := emptyIn(item, fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
		if len(v) > 0 {
			return ""
		}
	case string:
		if v != "" || strings.HasSuffix(path, ".text") { // a message of data may be empty
			return ""
		}
	default:
		return ""
	}
	return path
}

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Tests   int      `xml:"tests,attr"`
	Suites  []struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			File    string    `xml:"file,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// wantJUnit wants well-formed XML to its end, whose counts are those of its cases.
func wantJUnit(t fataler, src string) junitReport {
	var r junitReport
	d := xml.NewDecoder(strings.NewReader(src))
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	if token, err := d.Token(); err == nil {
		if text, ok := token.(xml.CharData); !ok || strings.TrimSpace(string(text)) != "" {
			t.Errorf("%v stands behind the report", token)
		}
	} else if err != io.EOF {
		t.Errorf("%v", err)
	}
	failures, errors, skipped := 0, 0, 0
	for _, c := range r.Suites[0].Cases {
		switch {
		case c.Failure != nil:
			failures++
		case c.Error != nil:
			errors++
		case c.Skipped != nil:
			skipped++
		}
	}
	if s := r.Suites[0]; s.Failures != failures || s.Errors != errors || s.Skipped != skipped || r.Tests != len(s.Cases) {
		t.Errorf("the counts are %d %d %d of %d, want %d %d %d of %d", s.Failures, s.Errors, s.Skipped, r.Tests, failures, errors, skipped, len(s.Cases))
	}
	return r
}

type codeQuality []struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// wantCodeQuality wants an array of entries with everything that GitLab asks for.
func wantCodeQuality(t fataler, src []byte) codeQuality {
	var issues codeQuality
	decode(t, src, &issues)
	seen := map[string]bool{}
	for _, i := range issues {
		if i.CheckName == "" || i.Fingerprint == "" || seen[i.Fingerprint] || i.Location.Path == "" || i.Location.Lines.Begin < 1 ||
			!strings.Contains(" info minor major critical blocker ", " "+i.Severity+" ") {
			t.Errorf("not an entry of its own that GitLab takes: %+v", i)
		}
		seen[i.Fingerprint] = true
	}
	return issues
}

// annotation is a workflow command as GitHub's runner reads it.
type annotation struct {
	command, data string
	properties    map[string]string
}

// runnerReads are the commands that the runner finds in output, after it has cut off blanks.
func runnerReads(out string) []annotation {
	var found []annotation
	for line := range strings.Lines(out) {
		info, isCommand := strings.CutPrefix(strings.TrimSpace(line), "::")
		info, data, ends := strings.Cut(info, "::")
		if !isCommand || !ends {
			continue
		}
		name, list, _ := strings.Cut(info, " ")
		a := annotation{name, unescaped(data), map[string]string{}}
		for _, pair := range strings.Split(list, ",") {
			key, value, _ := strings.Cut(pair, "=")
			a.properties[key] = unescaped(value)
		}
		found = append(found, a)
	}
	return found
}

func unescaped(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(s)
}

// wantAnnotations wants nothing but annotations, as many as GitHub takes, with the properties
// that we give, and at the end one line of counts.
func wantAnnotations(t fataler, out string) []annotation {
	all := runnerReads(out)
	count := map[string]int{}
	for _, a := range all {
		count[a.command]++
		for key := range a.properties {
			if !strings.Contains(" file line col title ", " "+key+" ") {
				t.Errorf("the property %s is none of ours: %+v", key, a)
			}
		}
	}
	if count["error"] > 10 || count["warning"] > 10 || count["notice"] > 10 || count["error"]+count["warning"]+count["notice"] != len(all) {
		t.Errorf("%v", count)
	}
	if lines := strings.Count(out, "\n"); lines != len(all)+1 {
		t.Errorf("%d lines for %d commands and the counts:\n%s", lines, len(all), out)
	}
	return all
}

// TestSchemaIsRead guards against a schema that takes everything.
func TestSchemaIsRead(t *testing.T) {
	t.Parallel()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{`{}`, `{"version":"2.1.0","runs":[{}]}`, `{"version":"2.1.0","runs":[],"x":1}`, `{"version":"2.0.0","runs":[]}`} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(document) == nil {
			t.Errorf("%s passes", src)
		}
	}
}
