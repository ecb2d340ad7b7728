package history

// This is the table of what people read of this package, id → sentence, English for now: errors,
// and hints, which say what to do about them. Each is a whole sentence, so that a translator may
// put its words in any order, and a format where it has values: go vet holds the values against
// the verbs.

// Why a revision cannot be read. What Git itself says, it says as it says it.
const (
	baseFailed    = "--base: %v"
	changedFailed = "--changed: %v"
	foreignTree   = "the repository %s is not that of the work tree %s"
	noMergeBase   = "%s and HEAD have no commit in common"
	noCommit      = "\"%s\" is no commit of this repository"
	notFetched    = "%w, which is a shallow clone"
	notHere       = "%s of commit %s cannot be read from this repository: %w"
	noFile        = "it is no file that can be read"
	notRegular    = "%s of commit %.7s is no regular file"
	gitFailed     = "git %s: %w"
	gitSaid       = "%w: %s"
	gitAnswers    = "git answers \"%s\""
	tooLong       = "it is too long"
	tooLarge      = "it is too large"
	answerTooLong = "the answer has more than %d MiB"

	noVersions  = "there is no commit to compare with"
	noCommitYet = "there is no commit yet"

	hintCommit       = "commit the draft files first"
	hintInstallGit   = "install git, or do without --base and --changed"
	hintRunInside    = "run notiform inside the Git repository that holds the drafts; git status must work there, without GIT_DIR"
	hintFetch        = "fetch it first: git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*', or in GitHub Actions fetch-depth: 0 for actions/checkout"
	hintFetchObjects = "notiform fetches nothing; in a partial clone, fetch it first: git fetch --refetch --no-filter, or clone without --filter"
	hintNoMergeBase  = "name a branch that HEAD was made from, such as origin/main; in a clone that is not whole, fetch it first: git fetch --unshallow, or in GitHub Actions fetch-depth: 0 for actions/checkout"
	hintRevision     = "name a commit, a tag or a branch that git rev-parse knows, such as HEAD or origin/main; fetch first what this clone lacks: git fetch origin '+refs/heads/*:refs/remotes/origin/*'"
)

// Why older versions of a draft than those looked at are not known.
const (
	cutByClone    = "this is a shallow clone, which lacks the older versions; git fetch --unshallow, or fetch-depth: 0 for actions/checkout, gets them"
	cutByVersions = "none of its last %d versions is what the helpdesk has, and it has more"
	cutByCommits  = "no version in the last %d commits is what the helpdesk has, and there are more"
)

// What is too much to go through.
const (
	commitTooLarge  = "commit %.7s changes more than %d files"
	topFolder       = "the top folder"
	historyTooLarge = "the history has more than %d changes of files"
)

// Why a version of a draft is not known. Each follows the name of its file, or of several.
const (
	faultyOnce = "%s has errors in commit %.7s"
	largeOnce  = "%s has more than %d MiB in commit %.7s"
)

// Why nobody can tell what a draft said at the revision. Each follows the name of its file, or of
// several.
const (
	fromStdin    = "standard input is not in Git"
	outsideTree  = "outside the work tree of Git"
	notTracked   = "not tracked by Git"
	isLink       = "a link, and Git does not hold what it leads to"
	behindFilter = "behind the Git filter \"%s\""
	linkThen     = "%s was a link or another repository at the base"
	faultyThen   = "%s has errors at the base"
	largeThen    = "%s has more than %d MiB at the base"
	opaqueThen   = "%s, which has changed since, hides at the base what it said"
)
