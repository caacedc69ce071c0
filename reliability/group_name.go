package reliability

import (
	"slices"

	"github.com/saidi-exporter/saidi/outage"
)

// GroupNames gives, by number of the allocation group, the bytewise first name of
// its feeders. That is empty where the group holds customers of an area that have
// no feeder: rows that name only the area count there, too.
func (b *Base) GroupNames() []string { return slices.Clone(b.groupNames) }

// GroupName is the name of the group in which a row belongs that names a feeder, a
// unit and an area, whatever becomes of it. It is empty where the base knows
// neither unit nor feeder: such rows may be of one event wherever they are, so they
// all go together, with the groups that have no name of their own.
func (b *Base) GroupName(feeder, unit string, _ outage.Area) string {
	if u := b.UnitNumber(unit); u != Nowhere {
		return b.groupNames[b.UnitGroup(u)]
	}
	if f := b.FeederNumber(feeder); f != Nowhere {
		return b.groupNames[b.FeederGroup(f)]
	}
	return ""
}

// nameGroups names the groups. Cells come in the order of their feeders, so the
// first of a group has its name.
func (b *Base) nameGroups() {
	b.groupNames = make([]string, b.groups)
	for c, next := 0, 0; c < len(b.cells); c++ {
		if g := b.cells[c].Group; g == next {
			b.groupNames[g] = b.cells[c].Feeder
			next++
		}
	}
}
