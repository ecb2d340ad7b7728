package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
)

// Post returns what a run came to as the content of a ticket message in rich text, at most size
// bytes of JSON in UTF-8: the result and the counts, what is dangerous, the drafts that changed or
// did not go as planned, the digest, and links to the approval of what was applied. What does not
// fit is left out by whole drafts, those that need no look first, and the message says how many.
//
// The message is in Chinese and in English, and Feishu shows each reader theirs. Everything that
// comes from outside is plain text in it; see the comment of post_text.go.
func Post(r Run, size int) ([]byte, error) {
	m := compose(r)
	whole, err := m.encode(m.drafts)
	if err != nil || len(whole) <= size {
		return whole, err
	}
	bare, err := m.encode(nil)
	if err != nil {
		return nil, err
	}
	kept, err := m.choose(size - len(bare))
	if err != nil {
		return nil, err
	}
	cut, err := m.encode(kept)
	if err == nil && len(cut) > size {
		return nil, fmt.Errorf("the message has %d bytes without any draft, and %d are the most", len(cut), size)
	}
	return cut, err
}

// message is a ticket message before it is known how much of it fits.
type message struct {
	title  words
	head   []paragraph
	drafts []entry
	tail   []paragraph
}

// entry is a draft in a message.
type entry struct {
	look  bool // it did not go as planned, or is dangerous: left out last
	lines []paragraph
}

// choose returns the entries, in their order, that fit into room bytes.
func (m message) choose(room int) ([]entry, error) {
	order := make([]int, len(m.drafts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(m.drafts[a]), rank(m.drafts[b])) })
	var chosen []int
	for _, i := range order {
		size, err := m.drafts[i].size()
		if err != nil {
			return nil, err
		}
		if size <= room {
			chosen, room = append(chosen, i), room-size
		}
	}
	slices.Sort(chosen)
	kept := make([]entry, len(chosen))
	for k, i := range chosen {
		kept[k] = m.drafts[i]
	}
	return kept, nil
}

func rank(e entry) int {
	if e.look {
		return 0
	}
	return 1
}

// size is what an entry adds to a message, in bytes.
func (e entry) size() (int, error) {
	n := 0
	for _, p := range e.lines {
		for _, tags := range [][]any{p.zh, p.en} {
			b, err := json.Marshal(tags)
			if err != nil {
				return 0, err
			}
			n += len(b) + len(",")
		}
	}
	return n, nil
}

// postContent is the wire form of a message: msg_type post of the API page "发送工单消息" (send
// ticket message).
type postContent struct {
	Post struct {
		Chinese postBody `json:"zh_cn"`
		English postBody `json:"en_us"`
	} `json:"post"`
}

type postBody struct {
	Title   string  `json:"title"`
	Content [][]any `json:"content"`
}

// encode returns the message with these of its drafts.
func (m message) encode(kept []entry) ([]byte, error) {
	paragraphs := slices.Clone(m.head)
	for _, e := range kept {
		paragraphs = append(paragraphs, e.lines...)
	}
	if n := len(m.drafts) - len(kept); n > 0 {
		paragraphs = append(paragraphs, say(
			fmt.Sprintf("此处省略 %d 条草稿，详见本次运行的输出。", n),
			Plural(n, "more draft")+" left out here; the output of the run has them all."))
	}
	paragraphs = append(paragraphs, m.tail...)
	var c postContent
	c.Post.Chinese.Title, c.Post.English.Title = m.title.zh, m.title.en
	for _, p := range paragraphs {
		c.Post.Chinese.Content = append(c.Post.Chinese.Content, p.zh)
		c.Post.English.Content = append(c.Post.English.Content, p.en)
	}
	return json.Marshal(c)
}
