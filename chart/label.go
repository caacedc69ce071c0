package chart

import (
	"cmp"
	"math"
	"slices"
)

// A tag is a label of a map with the sign below it, and where they stand.
type tag struct {
	region      int
	at          place // of the middle
	wide, high  float64
	label, sign string
	moved       bool // so far that a line must say where it belongs
}

// labels draws what is written on the regions. Those of large regions stand where
// they are asked to, the others give way.
func (d *mapDrawing) labels() {
	d.open("g", "class", "region-labels", "aria-hidden", "true", "pointer-events", "none")
	for _, t := range d.tags() {
		if t.moved {
			from := d.at[t.region]
			to := t.edge(from)
			d.leaf("circle", "class", "chart-leader", "cx", number(from.x), "cy", number(from.y), "r", "1.5")
			d.line("chart-leader", from.x, from.y, to.x, to.y)
		}
		y := t.at.y - t.high/2 + fontSize - 1
		d.text(t.at.x, y, "middle", "region-label", t.label, float64(d.width))
		if t.label != "" {
			y += fontSize + 2
		}
		d.text(t.at.x, y, "middle", "region-sign", t.sign, float64(d.width))
	}
	d.close("g")
}

// tags finds places for all labels, largest regions first, and gives them in the
// order of the regions.
func (d *mapDrawing) tags() []tag {
	var order []int
	for i, r := range d.Regions {
		if len(d.rings[i]) > 0 && r.Label+r.Sign != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(extent(d.rings[b]), extent(d.rings[a])) })
	var placed []tag
	for _, i := range order {
		placed = append(placed, d.put(d.tag(i), placed))
	}
	slices.SortFunc(placed, func(a, b tag) int { return cmp.Compare(a.region, b.region) })
	return placed
}

// tag is a label where it is asked to stand.
func (d *mapDrawing) tag(i int) tag {
	r := d.Regions[i]
	t := tag{region: i, at: d.at[i], label: cut(r.Label, float64(d.width)/3), sign: cut(r.Sign, float64(d.width)/4)}
	t.wide = max(breadth(t.label), breadth(t.sign)) + 4
	for _, words := range []string{t.label, t.sign} {
		if words != "" {
			t.high += fontSize + 2
		}
	}
	return t
}

// put tries places around the one asked for, ever farther away, and takes the one
// that costs least.
func (d *mapDrawing) put(t tag, placed []tag) tag {
	best, least := t, math.Inf(1)
	for step := range 14 {
		far := 7 * float64(step)
		if far >= least {
			break
		}
		for _, way := range ways {
			try := t
			try.at = place{t.at.x + way.x*far, t.at.y + way.y*far}
			try.at.x = min(max(try.at.x, t.wide/2), float64(d.width)-t.wide/2)
			try.at.y = min(max(try.at.y, t.high/2), float64(d.height)-t.high/2)
			try.moved = !d.boxes[t.region].has(try.at) || !inside(d.rings[t.region], try.at)
			if cost := d.cost(try, placed) + math.Hypot(try.at.x-t.at.x, try.at.y-t.at.y); cost < least {
				best, least = try, cost
			}
			if step == 0 {
				break
			}
		}
	}
	return best
}

// ways are the directions in which a label may give way.
var ways = func() (list []place) {
	for i := range 16 {
		angle := float64(i) * math.Pi / 8
		list = append(list, place{math.Cos(angle), math.Sin(angle)})
	}
	return list
}()

// cost says how badly a label stands there, besides how far away: on other labels
// worst, then on the places of other labels, then where its line would cross them,
// then outside its region, worse on another one than on none.
func (d *mapDrawing) cost(t tag, placed []tag) float64 {
	sum := 0.0
	for _, p := range placed {
		if overlap := t.overlap(p); overlap > 0 {
			sum += 200 + overlap
		}
		if t.moved && p.crossed(d.at[t.region], t.edge(d.at[t.region])) {
			sum += 50
		}
	}
	if t.moved {
		sum += 25
	}
	for i := range d.Regions {
		if i == t.region {
			continue
		}
		if a := d.at[i]; math.Abs(a.x-t.at.x) < t.wide/2 && math.Abs(a.y-t.at.y) < t.high/2 {
			sum += 60
		}
		for _, corner := range t.corners() {
			if d.boxes[i].has(corner) && inside(d.rings[i], corner) {
				sum += 6
			}
		}
	}
	return sum
}

// corners are those of the box around a label, and its middle.
func (t tag) corners() []place {
	x, y := t.wide/2, t.high/2
	return []place{t.at, {t.at.x - x, t.at.y - y}, {t.at.x + x, t.at.y - y}, {t.at.x - x, t.at.y + y}, {t.at.x + x, t.at.y + y}}
}

// overlap is the area that two labels share.
func (t tag) overlap(o tag) float64 {
	x := min(t.at.x+t.wide/2, o.at.x+o.wide/2) - max(t.at.x-t.wide/2, o.at.x-o.wide/2)
	y := min(t.at.y+t.high/2, o.at.y+o.high/2) - max(t.at.y-t.high/2, o.at.y-o.high/2)
	return max(0, x) * max(0, y)
}

// edge is where a line from a place to the middle of a label meets its box.
func (t tag) edge(from place) place {
	dx, dy := from.x-t.at.x, from.y-t.at.y
	share := min(1, t.wide/2/max(1e-9, math.Abs(dx)), t.high/2/max(1e-9, math.Abs(dy)))
	return place{t.at.x + dx*share, t.at.y + dy*share}
}

// crossed says whether a straight line goes through a label: whether one of many
// places on it does.
func (t tag) crossed(from, to place) bool {
	const places = 24
	for i := range places + 1 {
		share := float64(i) / places
		x, y := from.x+(to.x-from.x)*share, from.y+(to.y-from.y)*share
		if math.Abs(x-t.at.x) < t.wide/2 && math.Abs(y-t.at.y) < t.high/2 {
			return true
		}
	}
	return false
}
