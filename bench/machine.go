package main

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
)

// A machine is what the figures were measured on and with.
type machine struct {
	processor string
	threads   int
	memory    string
	system    string
	goVersion string
	duck      string
}

func (p *plan) machine() (machine, error) {
	duck, err := duckVersion()
	if err != nil {
		return machine{}, err
	}
	return machine{
		processor: orUnknown(procField("/proc/cpuinfo", "model name")), threads: p.threads, memory: memory(),
		system: runtime.GOOS + "/" + runtime.GOARCH, goVersion: runtime.Version(), duck: duck,
	}, nil
}

// memory is how much the machine has, in words.
func memory() string {
	kilobytes, err := strconv.ParseFloat(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 64)
	if err != nil {
		return orUnknown("")
	}
	return fmt.Sprintf("%.1f GB", kilobytes*1024/1e9)
}

func orUnknown(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}
