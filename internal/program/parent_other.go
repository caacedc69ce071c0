//go:build !linux

package program

import "os/exec"

// endWithParent does nothing: only Linux ends a program with its parent.
func endWithParent(*exec.Cmd) {}
