package history

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// meaning is what a draft of the law says, in a form of which equal ones are equal.
type meaning struct {
	named                                   bool // it has a notification_id
	name, card, people, sendAt, ext, idType string
}

// look is how a draft of the law is written, which makes no difference.
type look struct {
	inline, yaml, reversed, comment, otherZone bool
	nick                                       string
}

// written is a draft of the law; there is one for each notification.
type written struct {
	meaning
	look
	file int
	gone bool
}

func drawMeaning(t *rapid.T) meaning {
	one := func(what string, values ...string) string { return rapid.SampledFrom(values).Draw(t, what) }
	return meaning{
		named: rapid.IntRange(0, 4).Draw(t, "named") > 0,
		name:  one("name", "A", "B"), card: one("card", `{"a": 1, "b": [2, 3]}`, `{"a": 1, "b": [3, 2]}`),
		people: one("people", "ou_a ou_b", "ou_a", "ou_a ou_c"), idType: one("type", "open_id", "user_id"),
		sendAt: one("send_at", "", "null", "2037-12-01T09:00:00+08:00", "2037-12-01T10:00:00+08:00"), ext: one("ext", "", `""`, `"{}"`),
	}
}

func drawLook(t *rapid.T) look {
	yes := func(what string) bool { return rapid.Bool().Draw(t, what) }
	return look{yes("inline"), yes("yaml"), yes("reversed"), yes("comment"), yes("other zone"), rapid.SampledFrom([]string{"", "张三"}).Draw(t, "nick")}
}

// edited is the draft after somebody was at it.
func (w written) edited(t *rapid.T) written {
	other := drawMeaning(t)
	switch rapid.IntRange(0, 11).Draw(t, "says something else") {
	case 0:
		w.meaning = other
	case 1:
		w.named = other.named
	case 2:
		w.name = other.name
	case 3:
		w.card = other.card
	case 4:
		w.people = other.people
	case 5:
		w.sendAt = other.sendAt
	case 6:
		w.ext = other.ext
	case 7:
		w.idType = other.idType
	}
	if rapid.Bool().Draw(t, "looks otherwise") {
		w.look = drawLook(t)
	}
	if rapid.IntRange(0, 2).Draw(t, "is moved") == 0 {
		w.file = rapid.IntRange(0, 4).Draw(t, "file")
	}
	w.gone = rapid.IntRange(0, 5).Draw(t, "is gone") == 0
	return w
}

// lines are the draft as the i-th document, and the card that it needs.
func (w written) lines(i int) (lines []string, card string) {
	var people []string
	for id := range strings.FieldsSeq(w.people) {
		people = append(people, fmt.Sprintf("{user_id: %s, name: %q}", id, w.nick))
	}
	if card = w.card; w.reversed {
		slices.Reverse(people)
		_, b, _ := strings.Cut(card, ", ")
		card = `{` + strings.TrimSuffix(b, "}") + `,"a":1}`
	}
	lines = []string{
		fmt.Sprintf("job_name: %s %d", w.name, i), "push_type: scheduled", "push_scope_type: selected_members",
		"user_list: [" + strings.Join(people, ", ") + "]",
	}
	add := func(given bool, line string) {
		if given {
			lines = append(lines, line)
		}
	}
	sendAt := w.sendAt
	if w.otherZone {
		sendAt = strings.NewReplacer("09:00:00+08:00", "01:00:00Z", "10:00:00+08:00", "11:00:00+09:00").Replace(sendAt)
	}
	add(w.named, fmt.Sprintf("notification_id: %q", notificationID(i)))
	add(w.sendAt != "", "send_at: "+sendAt)
	add(w.ext != "", "ext: "+w.ext)
	add(w.idType != "open_id" || w.comment, "user_id_type: "+w.idType)
	add(w.comment, "# Reviewed.")
	add(!w.inline, fmt.Sprintf("push_content_file: ../cards/%d.json", i))
	add(w.inline && w.yaml, "push_content: "+card)
	add(w.inline && !w.yaml, fmt.Sprintf("push_content: %q", card))
	if w.reversed {
		slices.Reverse(lines)
	}
	return lines, card
}

// write makes the drafts all that there is in the repository.
func (c checkout) writeAll(t *rapid.T, drafts []written, upwards bool, lineEnd string) {
	if err := cmp.Or(os.RemoveAll(filepath.Join(c.dir, "drafts")), os.RemoveAll(filepath.Join(c.dir, "cards"))); err != nil {
		t.Fatal(err)
	}
	c.write("drafts/README", "")
	documents := map[int][]string{}
	for i, w := range drafts {
		if w.gone {
			continue
		}
		lines, card := w.lines(i)
		documents[w.file] = append(documents[w.file], strings.Join(lines, lineEnd)+lineEnd)
		if !w.inline {
			c.write(fmt.Sprintf("cards/%d.json", i), card)
		}
	}
	for file, texts := range documents {
		if upwards {
			slices.Reverse(texts)
		}
		c.write(fmt.Sprintf("drafts/%d.yaml", file), strings.Join(texts, "---"+lineEnd))
	}
}

// TestChangedSelectsWhatDiffers is the law of --changed: of any repository, edited in any way, it
// takes exactly the drafts that mean something else than at the base, and names exactly those that
// are gone.
func TestChangedSelectsWhatDiffers(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	rapid.Check(t, func(rt *rapid.T) {
		was := make([]written, rapid.IntRange(1, 6).Draw(rt, "drafts"))
		is := slices.Clone(was)
		var differ, gone []string
		for i := range was {
			was[i] = written{meaning: drawMeaning(rt), look: drawLook(rt), file: rapid.IntRange(0, 2).Draw(rt, "file")}
			is[i] = was[i].edited(rt)
			if !is[i].gone && is[i].meaning != was[i].meaning {
				differ = append(differ, fmt.Sprint(is[i].name, " ", i))
			}
			if was[i].named && (is[i].gone || !is[i].named) {
				gone = append(gone, notificationID(i))
			}
		}
		c.writeAll(rt, was, false, "\n")
		c.commit()
		c.writeAll(rt, is, rapid.Bool().Draw(rt, "documents upwards"), rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "line end"))
		change, set := c.change(rt, "HEAD", "drafts")
		slices.Sort(differ)
		if got := change.selected(); !slices.Equal(got, differ) || set.Errors() > 0 {
			rt.Errorf("selected are %q, want %q; %v", got, differ, set.Diagnostics)
		}
		if got := change.removed(); !slices.Equal(got, gone) {
			rt.Errorf("removed are %q, want %q", got, gone)
		}
	})
}
