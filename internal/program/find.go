package program

import (
	"fmt"
	"net"
	"os/exec"
)

// FreeAddress is an address of the loopback on which nothing listens.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// Find gives the path of a program, also where Debian puts servers and not
// everybody looks. Its Debian package has its name.
func Find(name string) (string, error) { return FindOf(name, name) }

// FindOf is Find for a program whose Debian package has another name.
func FindOf(name, debian string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		return "", fmt.Errorf("%s is not here: install it (apt-get install -y %s)", name, debian)
	}
	return path, nil
}
