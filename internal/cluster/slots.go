package cluster

import (
	"crypto/sha256"
	"encoding/binary"
)

// owners shares slots out among members, so that one more or less moves its own
// slots only: each slot goes to the member that draws the highest number for it.
func owners(members []string, slots int) []string {
	of := make([]string, slots)
	for slot := range of {
		var highest uint64
		for _, id := range members {
			if n := drawn(id, slot); of[slot] == "" || n > highest {
				of[slot], highest = id, n
			}
		}
	}
	return of
}

func drawn(id string, slot int) uint64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(id), uint32(slot)))
	return binary.BigEndian.Uint64(sum[:])
}

// owned are the slots of one member.
func owned(of []string, id string) []int {
	var list []int
	for slot, owner := range of {
		if owner == id {
			list = append(list, slot)
		}
	}
	return list
}
