package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// The scripts run the program on a store in ClickHouse. Each has a database of its
// own, whose URL is $STORE.
func TestClusterScripts(t *testing.T) {
	t.Parallel()
	servers := testcluster.Start(t, 2)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/cluster", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TZ", "Pacific/Kiritimati") // the machine's zone changes nothing
			env.Setenv("STORE", servers.URL("script"))
			env.Setenv("PASSWORD", testcluster.Password)
			return nil
		},
	})
}
