package command_test

import "flag"

var update = flag.Bool("update", false, "write what the scripts compare with anew; then read it")
