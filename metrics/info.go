package metrics

import (
	"github.com/saidi-exporter/saidi/snapshot"
)

// infos adds the names of what the other families label with ids.
func (b book) infos(s *snapshot.Snapshot) {
	d := s.Detail
	b.add(PolicyInfo, 1, s.Provenance.Policy.ID, s.Index, s.Provenance.Policy.SHA256, s.Title.Zh, s.Title.En)
	for _, scope := range d.Scopes {
		b.add(ScopeInfo, 1, scope.ID, scope.Level, scope.Name.Zh, scope.Name.En)
		for _, area := range scope.Areas {
			b.add(ScopeMemberInfo, 1, scope.ID, area)
		}
	}
	for _, c := range d.Classes {
		b.add(ClassInfo, 1, c.ID, c.Name.Zh, c.Name.En)
	}
	for _, r := range d.Repeats {
		b.add(RepeatRuleInfo, 1, r.ID, r.Name.Zh, r.Name.En)
	}
}
