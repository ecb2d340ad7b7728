package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// TeamFile is the name of the file for what belongs to the team.
const TeamFile = ".notiform.yaml"

// Team is what a team's file says: which helpdesks there are, how strict the rules are, and what
// nobody may do alone. The zero Team is that of no file.
type Team struct {
	Helpdesks []Helpdesk          // in the order of the file
	Rules     map[string]Severity // by id; none that is Fixed is lowered
	Guards    Guards
}

// Lowers reports whether the file makes a rule less than an error.
func (t Team) Lowers(rule string) bool {
	severity, given := t.Rules[rule]
	return given && severity != Error
}

// Helpdesk is one of the team's helpdesks. Its id and base URL set nothing: they are what the
// settings have to be.
type Helpdesk struct {
	Name       string
	HelpdeskID string   // decimal
	BaseURL    string   // "" for any
	Paths      []string // of its drafts, from the folder of the file, with slashes; none for any
}

// Guards are the conditions that a team's file sets. A zero value is none.
type Guards struct {
	File               string // which it is, as diagnostics call it: that of another revision may count
	MaxChanges         Owned[int]
	RefuseConsoleEdits bool
	ProtectedAudiences []PushScopeType
	LinkHosts          []string // with their subdomains, in the form that they have on the wire: see onWire
	SendWindow         SendWindow
}

// ReadTeam reads the team's file in a folder, over no link. Diagnostics call it by its path from here,
// the working directory. No file says nothing, but one that only seems to be it is told: to pass over it
// in silence would turn off its guards.
func ReadTeam(folder, here string) (Team, []Diagnostic) {
	called := func(file string) string {
		if short, err := filepath.Rel(here, file); err == nil {
			file = short
		}
		return filepath.ToSlash(file)
	}
	own := filepath.Join(folder, TeamFile)
	name := called(own)
	src, err := readWithin(folder, TeamFile)
	var team Team
	f := newDecoder(Options{}).newFile(name, nil)
	switch {
	case err == nil:
		team, f.faults = DecodeTeam(name, src)
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, errLink), errors.Is(err, errNotRegular):
		f.fault(firstPlace(), ruleDraftFile, teamFileNotRegular)
	default:
		f.fault(firstPlace(), ruleUnreadableFile, asSaid, problemOf(err))
	}
	misnamed := strings.TrimSuffix(TeamFile, ".yaml") + ".yml"
	for _, other := range []string{filepath.Join(folder, misnamed), filepath.Join(here, TeamFile), filepath.Join(here, misnamed)} {
		if _, err := os.Lstat(other); err == nil && other != own {
			f.name = called(other)
			f.fault(firstPlace(), ruleDraftFile, teamFileElsewhere, name).Hint = fmt.Sprintf(moveTeamFile, name)
		}
	}
	return team, f.settled()
}

// readWithin reads a file in a folder, over no link, up to what is too large.
func readWithin(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close() // read only
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return contentOf(openFound(root, name))
}

// DecodeTeam decodes and judges the bytes of a team's file. No rule setting changes how it is judged,
// its own included.
func DecodeTeam(name string, src []byte) (Team, []Diagnostic) {
	f := newDecoder(Options{}).newFile(name, src)
	*f.patience = patienceOfFile
	var team Team
	f.each = func(g *file, root *yaml.Node) {
		if g.documents++; g.documents > 1 {
			g.fault(placeOfNode(root), ruleDraftFile, teamFileOfTwo)
			return
		}
		if g.wideColons(root) {
			return
		}
		t := &teamFile{document: &document{file: g}}
		t.mapping(TeamFile, root, t.keys()...)
		if g == f {
			team = t.team
		}
	}
	if f.readable() {
		f.readAll()
	}
	f.excerpts()
	team.Guards.File = name
	return team, f.settled()
}

// settled are the faults of the file alone, in order.
func (f *file) settled() []Diagnostic {
	set := Set{Diagnostics: f.faults}
	set.settle(Options{})
	return set.Diagnostics
}

// teamFile is a team's file being decoded.
type teamFile struct {
	*document
	team Team
}

// key is one that a mapping may have, and what reads its value, which is never null.
type key struct {
	name string
	read func(*yaml.Node)
}

func (t *teamFile) keys() []key {
	return []key{
		{"helpdesks", t.helpdesks},
		{"rules", t.rules},
		{"guards", func(n *yaml.Node) { t.mapping("guards", n, t.guardKeys()...) }},
	}
}

// mapping reads a mapping of known keys; null is an empty one. It returns where the keys stand.
func (t *teamFile) mapping(name string, n *yaml.Node, keys ...key) map[string]place {
	given := map[string]place{}
	for _, m := range t.mappingOf(name, n) {
		if i := indexOf(keys, m.key); i >= 0 {
			given[m.key] = placeOfNode(m.node)
			if value, ok := t.follow(m.value); ok && kindOf(value) != kindNull {
				keys[i].read(value)
			}
			continue
		}
		var names []string
		for _, k := range keys {
			names = append(names, k.name)
		}
		t.fault(placeOfNode(m.node), ruleUnknownField, unknownFieldIn, quoted(m.key), name).suggest(m.key, names)
	}
	return given
}

func indexOf(keys []key, name string) int {
	for i, k := range keys {
		if k.name == name {
			return i
		}
	}
	return -1
}

// mappingOf are the members of a mapping.
func (t *teamFile) mappingOf(name string, n *yaml.Node) []member {
	switch k := kindOf(n); k {
	case kindMapping:
		return t.members(n, 0)
	case kindNull:
	default:
		t.fault(placeOfNode(n), ruleWrongType, notMapping, name, k)
	}
	return nil
}

// helpdeskName is what can be typed behind --helpdesk, and stand in the names of other things.
var helpdeskName = regexp.MustCompile(`^[\pL\pN][\pL\pM\pN_.-]*$`)

func (t *teamFile) helpdesks(n *yaml.Node) {
	for _, m := range t.mappingOf("helpdesks", n) {
		value, ok := t.follow(m.value)
		if !ok {
			return
		}
		if !helpdeskName.MatchString(m.key) {
			t.fault(placeOfNode(m.node), ruleInvalidValue, helpdeskNamed, quoted(m.key))
		}
		h, paths := Helpdesk{Name: m.key}, []place(nil)
		given := t.mapping(quoted(m.key), value,
			key{"helpdesk_id", func(n *yaml.Node) { t.helpdeskID(n, &h.HelpdeskID) }},
			key{"base_url", func(n *yaml.Node) { t.baseURL(n, &h.BaseURL) }},
			key{"paths", func(n *yaml.Node) { h.Paths, paths = t.paths(n) }})
		if _, has := given["helpdesk_id"]; !has && (kindOf(value) == kindMapping || kindOf(value) == kindNull) {
			t.fault(placeOfNode(m.node), ruleMissingField, helpdeskWithoutID, quoted(m.key)).Hint = copyHelpdeskID
		}
		for i, p := range h.Paths {
			t.ofOneHelpdesk(h, p, paths[i])
		}
		t.team.Helpdesks = append(t.team.Helpdesks, h)
	}
}

// ofOneHelpdesk faults a path of which a part is another helpdesk's already: its drafts would be created
// there as well.
func (t *teamFile) ofOneHelpdesk(h Helpdesk, p string, at place) {
	for _, other := range t.team.Helpdesks {
		for _, theirs := range other.Paths {
			if other.HelpdeskID != h.HelpdeskID && (isWithin(p, theirs) || isWithin(theirs, p)) {
				t.fault(at, ruleInvalidValue, pathOfTwo, quoted(p), quoted(theirs), quoted(other.Name)).Hint = pathsApart
			}
		}
	}
}

func isWithin(p, folder string) bool {
	return folder == "." || p == folder || strings.HasPrefix(p, folder+"/")
}

func (t *teamFile) helpdeskID(n *yaml.Node, into *string) {
	if !t.literal("helpdesk_id", n, into) {
		return
	}
	switch {
	case !isDigits(*into):
		t.fault(placeOfNode(n), ruleInvalidID, helpdeskIDNotDecimal, quoted(*into)).refuse(copyHelpdeskID, *into)
	case kindOf(n) != kindText:
		t.fault(placeOfNode(n), ruleUnquotedID, helpdeskIDBare).Hint = fmt.Sprintf(quoteID, quoted(*into))
	}
}

// plainBaseURL is an address without user, query and fragment.
var plainBaseURL = regexp.MustCompile(`^(?i:https)://[^\s/?#@\\]+(/[^\s?#\\]*)?$`)

func (t *teamFile) baseURL(n *yaml.Node, into *string) {
	if t.text("base_url", n, into) && !plainBaseURL.MatchString(*into) {
		t.fault(placeOfNode(n), ruleInvalidValue, noBaseURL, quoted(*into)).Hint = writeBaseURL
	}
}

func (t *teamFile) paths(n *yaml.Node) (paths []string, at []place) {
	for _, p := range t.some("paths", n) {
		if p.Value == stdinName || !filepath.IsLocal(filepath.FromSlash(p.Value)) || strings.Contains(p.Value, `\`) {
			t.fault(placeOfNode(p), ruleInvalidValue, pathOutside, quoted(p.Value)).Hint = writeFromRoot
			continue
		}
		paths, at = append(paths, path.Clean(p.Value)), append(at, placeOfNode(p))
	}
	return paths, at
}

// some are the entries of a list of texts, of which there has to be one at least: an empty list could
// mean all as well as none.
func (t *teamFile) some(name string, n *yaml.Node) []*yaml.Node {
	if kindOf(n) == kindList && len(n.Content) == 0 {
		t.fault(placeOfNode(n), ruleInvalidValue, emptyList, name).Hint = leaveListOut
	}
	return t.texts(name, n)
}

// texts are the entries of a list of texts.
func (t *teamFile) texts(name string, n *yaml.Node) []*yaml.Node {
	if k := kindOf(n); k != kindList {
		t.fault(placeOfNode(n), ruleWrongType, notList, name, k).Hint = writeAsEntries
		return nil
	}
	var entries []*yaml.Node
	for _, entry := range n.Content {
		entry, ok := t.follow(entry)
		if !ok {
			break
		}
		if k := kindOf(entry); k == kindText || k == kindNumber {
			entries = append(entries, entry)
		} else {
			t.fault(placeOfNode(entry), ruleWrongType, entryNotText, name, k)
		}
	}
	return entries
}

func (t *teamFile) rules(n *yaml.Node) {
	t.team.Rules = map[string]Severity{}
	for _, m := range t.mappingOf("rules", n) {
		value, ok := t.follow(m.value)
		if !ok {
			return
		}
		rule, known := ruleNamed(m.key)
		severity, is := parseSeverity(value.Value)
		switch {
		case !known:
			t.fault(placeOfNode(m.node), ruleInvalidValue, noRule, quoted(m.key)).suggest(m.key, ruleIDs())
		case kindOf(value) != kindText || !is:
			t.fault(placeOfNode(value), ruleInvalidValue, noSeverity, m.key).Hint = writeSeverity
		case rule.Fixed && severity != Error:
			t.fault(placeOfNode(value), ruleInvalidValue, ruleIsFixed, m.key).Hint = leaveOut
		default:
			t.team.Rules[m.key] = severity
		}
	}
}

func (t *teamFile) guardKeys() []key {
	g := &t.team.Guards
	return []key{
		{"max_changes", func(n *yaml.Node) { t.maxChanges(n, &g.MaxChanges) }},
		{"refuse_console_edits", func(n *yaml.Node) {
			if k := kindOf(n); k != kindBool {
				t.fault(placeOfNode(n), ruleWrongType, notTrueOrFalse, "refuse_console_edits", k).Hint = writeTrueOrFalse
			} else {
				g.RefuseConsoleEdits = boolLiteral(n.Value) == "true"
			}
		}},
		{"protected_audiences", t.protectedAudiences},
		{"link_hosts", t.linkHosts},
		{"send_window", t.sendWindow},
	}
}

func (t *teamFile) maxChanges(n *yaml.Node, into *Owned[int]) {
	most, err := strconv.Atoi(n.Value)
	if k := kindOf(n); k != kindNumber || err != nil || most < 0 {
		t.fault(placeOfNode(n), ruleInvalidValue, noCount, "max_changes", quoted(n.Value)).Hint = writeCount
		return
	}
	*into = Owned[int]{most, true}
}

func (t *teamFile) protectedAudiences(n *yaml.Node) {
	for _, entry := range t.texts("protected_audiences", n) {
		var scope PushScopeType
		if err := scope.UnmarshalText([]byte(entry.Value)); err != nil || scope < AllMembers || scope > NewStaffScope {
			fault := t.fault(placeOfNode(entry), ruleInvalidValue, noSuchValue, "protected_audiences", quoted(entry.Value))
			fault.Hint = writePushScopeType
			fault.suggest(entry.Value, PushScopeNames())
			continue
		}
		t.team.Guards.ProtectedAudiences = append(t.team.Guards.ProtectedAudiences, scope)
	}
}
