package columnar

import (
	"errors"
	"fmt"
)

// groups are the record batches of a file; those of a stream are not known.
func (a *arrowSource) groups() []int64 {
	f, ok := a.src.(*arrowFile)
	if !ok {
		return nil
	}
	return f.counts
}

// fork shares the schema and where the messages lie. It reads all dictionaries
// again.
func (a *arrowSource) fork() (grouped, error) {
	f, ok := a.src.(*arrowFile)
	if !ok {
		return nil, errors.New("a stream cannot be read by several at once")
	}
	return &arrowSource{
		src: f.fork(), limits: a.limits, budget: a.budget, unpackers: newUnpackers(), fields: a.fields, readable: a.readable, dicts: map[int64]*arrowDict{},
		texts: a.texts,
	}, nil
}

func (a *arrowSource) share(t *texts) { a.texts = t }

// unpacked is how many times its size a record batch takes, more or less, once
// it is unpacked and its texts are in dictionaries.
const unpacked = 12

func (a *arrowSource) need() int64 {
	f, ok := a.src.(*arrowFile)
	if !ok {
		return a.limits.Memory
	}
	return min(f.bulk, a.limits.Memory)*unpacked + 1<<20
}

// turnTo goes to a record batch, past the dictionaries, which must be known
// before.
func (a *arrowSource) turnTo(group int) error {
	f, ok := a.src.(*arrowFile)
	if !ok || group < 0 || group >= len(f.counts) {
		return fmt.Errorf("record batch %d does not exist", group)
	}
	for f.at < f.rows() {
		if err := a.turn(); err != nil {
			return err
		}
	}
	f.at = f.rows() + group
	f.until = f.at + 1
	a.rows, a.row, a.count = 0, 0, group
	return nil
}
