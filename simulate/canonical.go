package simulate

import "github.com/saidi-exporter/saidi/outage"

// A layout says which cells make up a row.
type layout[T any] struct {
	sheet
	fill func(cells []cell, row *T)
}

// canonicalEvents are the canonical columns of events.
func canonicalEvents() layout[Record] {
	headers := []string{"event_id", "source", "feeder_id", "unit_id", "area", "class", "start", "end", "customers", "nature", "cause", "technical_cause", "stage", "revision", "cancelled"}
	return layout[Record]{sheet{headers: headers}, func(cells []cell, r *Record) {
		for k, text := range [...]string{r.ID, r.Source, r.Feeder, r.Unit, r.Area, r.Class} {
			cells[k] = textCell(text)
		}
		cells[6], cells[7], cells[8] = momentCell(r.Start), r.endCell(), r.customersCell()
		cells[9], cells[10], cells[11], cells[12] = textCell(r.Nature.String()), textCell(r.Cause), textCell(r.TechnicalCause), textCell(r.Stage)
		cells[13], cells[14] = r.revisionCell(), r.cancelledCell()
	}}
}

func (r *Record) endCell() cell {
	if r.End == outage.Open {
		return cell{}
	}
	return momentCell(r.End)
}

func (r *Record) customersCell() cell {
	if r.CustomersText != "" {
		return textCell(r.CustomersText)
	}
	return countCell(r.Customers)
}

func (r *Record) revisionCell() cell {
	if r.Revision == 0 {
		return cell{}
	}
	return countCell(r.Revision)
}

func (r *Record) cancelledCell() cell {
	if !r.Cancelled {
		return cell{}
	}
	return cell{kind: truth, n: 1}
}

// canonicalCustomers are the canonical columns of the base.
func canonicalCustomers() layout[outage.Customers] {
	headers := []string{"feeder_id", "unit_id", "area", "class", "customers", "valid_from", "valid_to", "customer_kind"}
	return layout[outage.Customers]{sheet{headers: headers}, func(cells []cell, c *outage.Customers) {
		for k, text := range [...]string{c.Feeder, c.Unit, string(c.Area), string(c.Class)} {
			cells[k] = textCell(text)
		}
		cells[4], cells[5], cells[6], cells[7] = countCell(c.Customers), boundCell(c.ValidFrom), boundCell(c.ValidTo), textCell(string(c.Kind))
	}}
}

// boundCell is the beginning or the end of a validity, empty where it has none.
func boundCell(t int64) cell {
	if t == outage.AlwaysFrom || t == outage.AlwaysTo {
		return cell{}
	}
	return momentCell(t)
}
