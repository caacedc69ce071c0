package program

import (
	"os/exec"
	"syscall"
)

// endWithParent has the system kill the program when the process that starts it
// dies, so that a test that is killed leaves nothing behind.
func endWithParent(c *exec.Cmd) {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Pdeathsig = syscall.SIGKILL
}
