package history

// This is the table of what people read of this package, id → sentence, English for now: errors,
// and hints, which say what to do about them. Each is a whole sentence, so that a translator may
// put its words in any order, and a format where it has values: go vet holds the values against
// the verbs.

// Why a revision cannot be read. What Git itself says, it says as it says it.
const (
	baseFailed  = "--base: %v"
	noCommit    = "%q is no commit of this repository"
	notFetched  = "%w, which is a shallow clone"
	gitFailed   = "git %s: %w"
	gitFailedOn = "git %s %s: %w"
	gitSaid     = "%w: %s"
	gitAnswers  = "git answers %q"

	hintInstallGit = "install git, or plan without --base"
	hintRunInside  = "run notiform inside the Git repository that holds the drafts; git status must work there"
	hintFetch      = "fetch it first: git fetch --unshallow, or in GitHub Actions fetch-depth: 0 for actions/checkout"
	hintRevision   = "name a commit, a tag or a branch that git rev-parse knows, such as HEAD or origin/main"
)
