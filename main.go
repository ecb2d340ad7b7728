// Notiform keeps Feishu helpdesk notification drafts in Git. README.md says how it is used.
package main

import (
	"os"

	"notiform/reconcile/command"
)

func main() { os.Exit(command.System()) }
