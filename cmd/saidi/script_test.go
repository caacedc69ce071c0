package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the program says into the scripts' golden sections")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"saidi": main, "tell": tell, "tamper": tamper})
}

// The scripts run the program as a user would.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TZ", "Pacific/Kiritimati") // the machine's zone changes nothing
			return nil
		},
	})
}
