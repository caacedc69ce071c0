package engine

// extras keeps what few rows have beside the columns. A row finds its own by a
// number in a block of its own, which is there only where a row of the block has
// any.
type extras struct {
	numbers [][]uint32 // by block of rows; 0 where a row has none
	blocks  [][]extra
	n       int
}

const (
	extraBlockBits = 10
	rowBlock       = 1 << rowBlockBits
)

// of gives what row i has, nil where it has nothing. It stays where it is.
func (x *extras) of(i int32) *extra {
	block := int(i) >> rowBlockBits
	if block >= len(x.numbers) || x.numbers[block] == nil {
		return nil
	}
	n := x.numbers[block][i&(rowBlock-1)]
	if n == 0 {
		return nil
	}
	return x.at(int(n - 1))
}

func (x *extras) at(n int) *extra { return &x.blocks[n>>extraBlockBits][n&(1<<extraBlockBits-1)] }

// put gives row i, which has none, an extra.
func (x *extras) put(i int32, e extra) *extra {
	block := int(i) >> rowBlockBits
	for block >= len(x.numbers) {
		x.numbers = append(x.numbers, nil)
	}
	if x.numbers[block] == nil {
		x.numbers[block] = make([]uint32, rowBlock)
	}
	if x.n>>extraBlockBits == len(x.blocks) {
		x.blocks = append(x.blocks, make([]extra, 1<<extraBlockBits))
	}
	x.n++
	x.numbers[block][i&(rowBlock-1)] = uint32(x.n)
	kept := x.at(x.n - 1)
	*kept = e
	return kept
}

// truncate forgets all but the first n, which belong to rows before row i.
func (x *extras) truncate(n int, i int32) {
	for k := n; k < x.n; k++ {
		*x.at(k) = extra{}
	}
	x.n = n
	for block := int(i) >> rowBlockBits; block < len(x.numbers); block++ {
		from := 0
		if block == int(i)>>rowBlockBits {
			from = int(i) & (rowBlock - 1)
		}
		if x.numbers[block] != nil {
			clear(x.numbers[block][from:])
		}
	}
}
