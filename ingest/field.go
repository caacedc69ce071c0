package ingest

// A field is one value of a canonical record, or a column that helps to make or
// to check one.
type field uint8

const (
	fieldEventID field = iota
	fieldSource
	fieldFeeder
	fieldFeederName // stands in for the feeder's id where there is none
	fieldUnit
	fieldArea
	fieldClass
	fieldStart
	fieldEnd
	fieldCustomers
	fieldNature
	fieldCause
	fieldTechnicalCause
	fieldStage
	fieldSteps
	fieldRevision
	fieldCancelled
	fieldCapacity
	fieldServed
	fieldCustomerHours   // derived: customers × hours
	fieldCustomerMinutes // derived: customers × minutes
	fieldDurationMinutes // derived
	fieldValidFrom
	fieldValidTo
	fieldKind
	fieldCount
	noField = fieldCount
)

var fieldNames = [fieldCount]string{
	"event_id", "source", "feeder_id", "feeder_name", "unit_id", "area", "class", "start", "end", "customers",
	"nature", "cause", "technical_cause", "stage", "steps", "revision", "cancelled", "capacity_kva", "customers_served",
	"customer_hours", "customer_minutes", "duration_minutes", "valid_from", "valid_to", "customer_kind",
}

// String is the canonical name of f.
func (f field) String() string {
	if f < fieldCount {
		return fieldNames[f]
	}
	return ""
}

// isTime says whether f is a date and time.
func (f field) isTime() bool {
	return f == fieldStart || f == fieldEnd || f == fieldValidFrom || f == fieldValidTo
}

// A kind is what the rows of a file are.
type kind uint8

const (
	eventRows kind = iota
	baseRows
	plannedRows // outages that are proposed, which may have no ids yet
)

// inBase lists the fields of a row of the base.
var inBase = [fieldCount]bool{
	fieldFeeder: true, fieldFeederName: true, fieldUnit: true, fieldArea: true, fieldClass: true, fieldCustomers: true,
	fieldValidFrom: true, fieldValidTo: true, fieldCapacity: true, fieldKind: true,
}

// has says whether rows of kind k have the field.
func (k kind) has(f field) bool {
	if k == baseRows {
		return inBase[f]
	}
	return f != fieldValidFrom && f != fieldValidTo && f != fieldKind
}

// required lists the fields without which a file of kind k has no header.
func (k kind) required() []field {
	switch k {
	case baseRows:
		return []field{fieldArea, fieldCustomers}
	case plannedRows:
		return []field{fieldStart, fieldEnd}
	}
	return []field{fieldEventID, fieldStart}
}

// fieldOf finds a field by its canonical name.
func fieldOf(name string) (field, bool) {
	for f, known := range fieldNames {
		if known == name {
			return field(f), true
		}
	}
	return noField, false
}
