package simulate

import (
	"fmt"
	"io"
	"strings"
)

// A Folder is a province as files of one format.
type Folder struct {
	Province *Province
	Format   Format
	rows     [3]int64 // of the files of rows, as far as they are written
}

// A File is one of the files of a folder.
type File struct {
	Name  string
	Write func(io.Writer) error
}

// The files beside those of rows.
const (
	mappingName = "mapping.yaml"
	readmeName  = "README.md"
)

// Files lists the files in the order in which they are to be written: the last
// one tells of the others.
func (d *Folder) Files() []File {
	p, names := d.Province, d.tables()
	return []File{
		{names[0], func(w io.Writer) (err error) { d.rows[0], err = WriteCustomers(w, d.Format, p.Customers()); return err }},
		{names[1], func(w io.Writer) (err error) { d.rows[1], err = WriteEvents(w, d.Format, p.Records(First)); return err }},
		{names[2], func(w io.Writer) (err error) { d.rows[2], err = WriteEvents(w, d.Format, p.Records(Late)); return err }},
		{mappingName, p.WriteMapping},
		{readmeName, d.writeReadme},
	}
}

// tables are the names of the files of rows: the base and the two deliveries.
func (d *Folder) tables() [3]string {
	ending := d.Format.Extension()
	return [3]string{"customers" + ending, "events" + ending, "events-late" + ending}
}

// Report is the command that reports the files of the folder, which is called
// dir.
func (d *Folder) Report(dir string) string {
	names := d.tables()
	for i, name := range names {
		names[i] = dir + "/" + name
	}
	return fmt.Sprintf("saidi report --mapping %s/%s --base %s %s %s", dir, mappingName, names[0], names[1], names[2])
}

// Summary says in a line each what was written.
func (d *Folder) Summary() string {
	var text strings.Builder
	for i, what := range [...]string{"customers", "events, first delivery", "events, late corrections"} {
		fmt.Fprintf(&text, "  %-19s %9d rows  %s\n", d.tables()[i], d.rows[i], what)
	}
	fmt.Fprintf(&text, "  %-19s %14s  what the deliveries cover\n  %-19s %14s  what this is\n", mappingName, "", readmeName, "")
	return text.String()
}

// writeReadme says what the files are, in Chinese and English.
func (d *Folder) writeReadme(w io.Writer) error {
	o, names := d.Province.o, d.tables()
	level, dirty := "feeder", ""
	if o.Units {
		level = "unit"
	}
	if o.Clean {
		dirty = " --clean"
	}
	if o.Kind != Calibrated {
		dirty += " --kind " + o.Kind.String()
	}
	_, err := fmt.Fprintf(w, readme, o.First, o.Last, names[0], d.rows[0], names[1], d.rows[1], names[2], d.rows[2],
		d.Report("DIR"), o.Seed, o.First, o.Last, o.Scale, d.Format, level, dirty)
	return err
}

// readme is a page in two languages.
const readme = `# 模拟数据 · SYNTHETIC DATA

**本目录全部为程序生成的模拟数据，不含任何真实停电、用户或线路运行记录，不得用于考核或对外发布。** 县、镇名称为真实地名，所述停电均属虚构。

**Everything in this folder is synthetic: a program made it up. No outage in it ever happened**, though the names of counties and towns are real. Every row of events carries the source ` + "`synthetic`" + `.

年份 years: %d – %d

| 文件 file | 行数 rows | 内容 |
|---|---|---|
| %s | %d | 用户台账 the customer base |
| %s | %d | 停电事件，首次报送 events, the first delivery |
| %s | %d | 更正数据，补报 late corrections, a later delivery |
| mapping.yaml | | 报送覆盖期 the periods that the deliveries cover |

统计 to report it, with DIR for this folder:

    %s

生成 how it was made:

    saidi simulate --out DIR --seed %d --years %d..%d --scale %v --format %s --level %s%s
`
