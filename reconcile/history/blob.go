package history

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// blobIDs are the ids that Git may have for a file's bytes: with the line ends that they have and,
// as a checkout may have put CRLF for LF, with LF. Line ends make no difference to what a file says.
func blobIDs(newHash func() hash.Hash, src []byte) []string {
	ids := []string{blobID(newHash(), src)}
	if bytes.Contains(src, []byte("\r\n")) {
		ids = append(ids, blobID(newHash(), bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))))
	}
	return ids
}

func blobID(h hash.Hash, src []byte) string {
	fmt.Fprintf(h, "blob %d\x00", len(src))
	h.Write(src)
	return hex.EncodeToString(h.Sum(nil))
}

// hashOf is the hash of a repository, by the length of one of its ids.
func hashOf(id string) func() hash.Hash {
	if len(id) == hex.EncodedLen(sha256.Size) {
		return sha256.New
	}
	return sha1.New
}
