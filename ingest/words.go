package ingest

import (
	"github.com/saidi-exporter/saidi/outage"
)

// words recognises the recurring words of one file, each once.
type words struct {
	names   *outage.Names // nil recognises nothing
	dict    *outage.Dict
	areas   map[string]sense
	classes map[string]sense
	natures map[string]sense
}

func newWords(names *outage.Names, dict *outage.Dict) *words {
	if names == nil {
		names = outage.NewNames()
	}
	return &words{names: names, dict: dict, areas: map[string]sense{}, classes: map[string]sense{}, natures: map[string]sense{}}
}

// area is the canonical area, or the word itself with the flag UnknownArea.
func (w *words) area(text []byte) sense {
	if len(text) == 0 {
		return sense{}
	}
	if known, ok := w.areas[string(text)]; ok {
		return known
	}
	known := sense{ref: w.dict.InternBytes(text), flags: outage.UnknownArea}
	if id, ok := w.names.Area(string(text)); ok {
		known = sense{ref: w.dict.Intern(string(id))}
	}
	w.areas[string(text)] = known
	return known
}

// class is the canonical class, or nothing with the flag UnknownClass.
func (w *words) class(text []byte) sense {
	if len(text) == 0 {
		return sense{}
	}
	if known, ok := w.classes[string(text)]; ok {
		return known
	}
	known := sense{flags: outage.UnknownClass}
	if id, ok := w.names.Class(string(text)); ok {
		known = sense{ref: w.dict.Intern(string(id))}
	}
	w.classes[string(text)] = known
	return known
}

// nature is the nature, Unknown with the flag UnknownNature for other words.
func (w *words) nature(text []byte) sense {
	if len(text) == 0 {
		return sense{}
	}
	if known, ok := w.natures[string(text)]; ok {
		return known
	}
	known := sense{flags: outage.UnknownNature}
	if n, ok := outage.ParseNature(string(text)); ok {
		known = sense{nature: n}
	}
	w.natures[string(text)] = known
	return known
}
