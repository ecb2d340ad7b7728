package history

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// blobIDs are the ids that Git may have for a file's bytes: in a repository of either kind, with
// the line ends that the bytes have and, as a checkout may have put CRLF for LF, with LF. Line
// ends never make a difference to what a file says.
func blobIDs(src []byte) []string {
	ids := []string{blobID(sha1.New(), src), blobID(sha256.New(), src)}
	if bytes.Contains(src, []byte("\r\n")) {
		lf := bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		ids = append(ids, blobID(sha1.New(), lf), blobID(sha256.New(), lf))
	}
	return ids
}

func blobID(h hash.Hash, src []byte) string {
	fmt.Fprintf(h, "blob %d\x00", len(src))
	h.Write(src)
	return hex.EncodeToString(h.Sum(nil))
}
