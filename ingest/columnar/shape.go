package columnar

import (
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// A shape is how the values of a column lie in a Parquet file.
type shape struct {
	Column
	leaf     int
	optional bool
	physical parquet.Type
	width    int   // bytes of a value, 0 where they differ
	form     form  // of values that are strings of bytes
	per      int64 // units in a second of a Moment or Clock
	unsigned bool
}

// form is what a string of bytes stands for.
type form uint8

const (
	formText    form = iota
	formUUID         // 16 bytes
	formNumber       // a two's complement, the highest byte first
	formHalf         // a float of 16 bits
	formUnknown      // not to be read
)

// shapeOf says how to read a column, if it can be read.
func shapeOf(n schema.Node) (shape, bool) {
	s := shape{Column: Column{Name: n.Name()}, optional: n.RepetitionType() == parquet.Repetitions.Optional}
	leaf, ok := n.(*schema.PrimitiveNode)
	if !ok || n.RepetitionType() == parquet.Repetitions.Repeated {
		return s, false
	}
	s.physical = leaf.PhysicalType()
	s.takePhysical(leaf.TypeLength())
	s.takeLogical(leaf.LogicalType())
	if s.physical == parquet.Types.FixedLenByteArray && (s.width <= 0 || s.form == formUUID && s.width != 16 || s.form == formHalf && s.width != 2) {
		return s, false
	}
	return s, s.Kind != 0 && s.Scale >= 0 && s.Scale <= 1000
}

// takePhysical sets what holds for a column without a logical type.
func (s *shape) takePhysical(length int) {
	switch s.physical {
	case parquet.Types.Boolean:
		s.Kind = Bool
	case parquet.Types.Int32:
		s.Kind, s.width = Integer, 4
	case parquet.Types.Int64:
		s.Kind, s.width = Integer, 8
	case parquet.Types.Int96:
		s.Kind, s.width, s.HasZone, s.per = Moment, 12, true, 1
	case parquet.Types.Float:
		s.Kind, s.width, s.Single = Float, 4, true
	case parquet.Types.Double:
		s.Kind, s.width = Float, 8
	case parquet.Types.ByteArray:
		s.Kind = Text
	case parquet.Types.FixedLenByteArray:
		s.Kind, s.width = Text, length
	}
}

// takeLogical sets what a logical type says, or a converted one of an old
// writer, of which the library makes a logical one. What does not go with the
// physical type is not believed.
func (s *shape) takeLogical(of schema.LogicalType) {
	integer := s.physical == parquet.Types.Int32 || s.physical == parquet.Types.Int64
	fixed := s.physical == parquet.Types.FixedLenByteArray
	switch t := of.(type) {
	case *schema.DecimalLogicalType:
		if s.Kind == Integer || s.Kind == Text {
			s.Kind, s.form, s.Precision, s.Scale = Decimal, formNumber, t.Precision(), t.Scale()
		}
	case *schema.IntLogicalType:
		s.takeUnsigned(integer && !t.IsSigned())
	case schema.DateLogicalType:
		if s.physical == parquet.Types.Int32 {
			s.Kind = Date
		}
	case *schema.TimestampLogicalType:
		if s.physical == parquet.Types.Int64 {
			s.Kind, s.HasZone, s.per = Moment, t.IsAdjustedToUTC(), perSecond(t.TimeUnit())
		}
	case *schema.TimeLogicalType:
		if integer {
			s.Kind, s.per = Clock, perSecond(t.TimeUnit())
		}
	case schema.UUIDLogicalType:
		s.form = formUUID
	case schema.Float16LogicalType:
		if fixed {
			s.Kind, s.form, s.Single = Float, formHalf, true
		}
	case schema.IntervalLogicalType, schema.BSONLogicalType:
		s.Kind = 0
	}
}

// takeUnsigned makes decimals of unsigned integers that may be larger than
// signed ones can be.
func (s *shape) takeUnsigned(unsigned bool) {
	s.unsigned = unsigned
	if unsigned && s.physical == parquet.Types.Int64 {
		s.Kind, s.Precision = Decimal, 20
	}
}

// perSecond is how many units make a second.
func perSecond(u schema.TimeUnitType) int64 {
	switch u {
	case schema.TimeUnitMillis:
		return 1e3
	case schema.TimeUnitMicros:
		return 1e6
	}
	return 1e9
}
