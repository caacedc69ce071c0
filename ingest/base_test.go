package ingest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/saidi-exporter/saidi/outage"
)

func readBase(t testing.TB, text string, opts Options) ([]outage.Customers, *outage.Delivery, error) {
	t.Helper()
	return Base("base.csv", strings.NewReader(text), opts)
}

func TestBase(t *testing.T) {
	t.Parallel()
	always := outage.Customers{Path: "base.csv", Row: 2, Area: "xining", Class: outage.Unclassified, ValidFrom: outage.AlwaysFrom, ValidTo: outage.AlwaysTo}
	tests := []struct {
		name, text, mapping string
		want                func(c *outage.Customers)
	}{
		{"canonical", "feeder_id,unit_id,area,class,customers,valid_from,valid_to,capacity_kva,customer_kind\nF1,U1,xining,rural,1,2021-01-01,2022-01-01,315.5,mv\n", "", func(c *outage.Customers) {
			c.Feeder, c.Unit, c.Class, c.Customers, c.CapacityKVA, c.Kind = "F1", "U1", "rural", 1, 315.5, outage.MediumVoltage
			c.ValidFrom, c.ValidTo = instant(t, "2021-01-01T00:00:00+08:00"), instant(t, "2022-01-01T00:00:00+08:00")
		}},
		{"Chinese", "所属地市,地区特征,线路名称,等效总用户数\n西宁市,市中心区,城东线,\"1,234\"\n", "", func(c *outage.Customers) {
			c.Feeder, c.Class, c.Customers = "城东线", "urban-core", 1234
		}},
		{"no class", "area,用户数\n630102,12户\n合计,12\n", "", func(c *outage.Customers) { c.Customers = 12 }},
		{"mapping of events has no say", "area,customers\nxining,5\n", "{columns: {event_id: Nr, customers: Anzahl}, zone: {column: Z, values: {a: UTC}}}", func(c *outage.Customers) { c.Customers = 5 }},
		{"section for the base", "Ort,Zahl\n首府,5\n", "{columns: {area: Gebiet}, base: {columns: {area: Ort, customers: Zahl, class: {value: rural}}, values: {area: {首府: xining}}}}", func(c *outage.Customers) {
			c.Customers, c.Class = 5, "rural"
		}},
		{"day without midnight", "area,customers,valid_from\nxining,5,2018-11-04\n", "zone: America/Sao_Paulo", func(c *outage.Customers) {
			c.Customers, c.ValidFrom = 5, instant(t, "2018-11-04T01:00:00-02:00")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			opts := shanghai(t)
			opts.Mapping = mapping(t, tt.mapping)
			got, d, err := readBase(t, tt.text, opts)
			if err != nil {
				t.Fatal(err)
			}
			want := always
			tt.want(&want)
			if diff := cmp.Diff([]outage.Customers{want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if d.Rows != len(got)+d.Skipped {
				t.Errorf("%d rows are not %d and %d skipped", d.Rows, len(got), d.Skipped)
			}
		})
	}
}

func TestBadBase(t *testing.T) {
	t.Parallel()
	header := "area,class,customers,valid_from,valid_to,capacity_kva,customer_kind\n"
	tests := []struct {
		name, row string
		want      []string
	}{
		{"unknown area", "Lhasa,rural,1,,,,", []string{`column "area"`, `"Lhasa"`, "not an area of the policy"}},
		{"no area", ",rural,1,,,,", []string{"no area"}},
		{"unknown class", "xining,suburb,1,,,,", []string{`column "class"`, `"suburb"`}},
		{"no customers", "xining,rural,,,,,", []string{`column "customers"`}},
		{"negative", "xining,rural,-4,,,,", []string{`"-4"`, "bad-customers"}},
		{"bad date", "xining,rural,1,soon,,,", []string{`column "valid_from"`, `"soon"`}},
		{"dates swapped", "xining,rural,1,2022-01-01,2021-01-01,,", []string{"before valid_from"}},
		{"bad capacity", "xining,rural,1,,,x,", []string{`column "capacity_kva"`}},
		{"bad kind", "xining,rural,1,,,,hv", []string{`"hv"`, "mv or lv"}},
		{"too few fields", "xining,rural", []string{"row 2", "2 fields where the header has 7"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readBase(t, header+tt.row+"\n", shanghai(t))
			wantError(t, err, append(tt.want, "base.csv, row 2")...)
			if bad, ok := errors.AsType[*BadBase](err); !ok || bad.Total != 1 {
				t.Errorf("error %v, want one bad row", err)
			}
		})
	}
}

func TestBaseListsTwenty(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("area,customers,customer_kind\nxining,1,mv\nxining,1,lv\n")
	for i := range 30 {
		fmt.Fprintf(&text, "nowhere %d,1,\n", i)
	}
	_, _, err := readBase(t, text.String(), shanghai(t))
	wantError(t, err, "31 bad rows", "mv and lv", "nowhere 18", "and 11 more")
	if strings.Contains(err.Error(), "nowhere 19") {
		t.Errorf("more than 20 rows are listed: %v", err)
	}
}

func TestBaseWithoutHeader(t *testing.T) {
	t.Parallel()
	_, _, err := readBase(t, "a,b\n1,2\n", shanghai(t))
	wantError(t, err, "no base header", "area and customers")
}
