package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/saidi-exporter/saidi/internal/program"
	"github.com/saidi-exporter/saidi/internal/testcluster"
)

// mostWait is how long any one step may take.
const mostWait = 30 * time.Minute

// A clusterRun holds the store on one machine against servers of ClickHouse on
// the same: the same rows, the same answers.
type clusterRun struct {
	*plan
	rows    int
	saidi   string // the program
	config  int    // how many were written
	figures clusterFigures
}

// cluster measures it and puts the result at the end of a page.
func (p *plan) cluster(rows int, out string) (err error) {
	c := &clusterRun{plan: p, rows: rows, saidi: filepath.Join(p.dir, "saidi"), figures: clusterFigures{rows: rows}}
	build := exec.Command("go", "build", "-o", c.saidi, "./cmd/saidi")
	build.Dir = ".."
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build saidi: %w\n%s", err, text)
	}
	if err := c.filled(); err != nil {
		return err
	}
	if err := c.embedded(); err != nil {
		return err
	}
	for shards := 1; shards <= mostShards; shards++ {
		if err := c.shards(shards); err != nil {
			return fmt.Errorf("%d shards: %w", shards, err)
		}
	}
	m, err := p.machine()
	if err != nil {
		return err
	}
	return writeSection(out, clusterPage(m, &c.figures))
}

func (c *clusterRun) store() string { return filepath.Join(c.dir, "store") }

// filled makes the data and fills a store in a folder with it, unless it is there
// since an earlier run that kept it.
func (c *clusterRun) filled() error {
	if _, err := os.Stat(c.store()); err == nil {
		return nil
	}
	data, err := c.make(c.rows)
	if err != nil {
		return err
	}
	var filled measurement
	if err := c.child(&filled, "fill", data, c.store()+".part"); err != nil {
		return err
	}
	c.say("stored in a folder in %.1f s, %.2f GB", filled.Seconds, gigabytes(filled.PeakBytes))
	return errors.Join(os.Rename(c.store()+".part", c.store()), c.drop(data))
}

// embedded measures what the store in the folder answers.
func (c *clusterRun) embedded() error {
	c.figures.folderBytes = folderBytes(c.store())
	report, took, err := c.report(c.store())
	if err != nil {
		return err
	}
	c.figures.want, c.figures.report = report, took
	served, err := c.serve(c.store(), 1, report)
	if err != nil {
		return err
	}
	c.figures.served = served
	return nil
}

// shards copies the store to a cluster and measures what that answers.
func (c *clusterRun) shards(n int) (err error) {
	dir := filepath.Join(c.dir, fmt.Sprint("cluster", n))
	servers, err := testcluster.New(dir, n)
	if err != nil {
		return err
	}
	defer func() {
		servers.Close()
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	f := shardFigures{shards: n}
	if f.copy, err = c.run("store", "copy", c.store(), servers.URL("")); err != nil {
		return err
	}
	if f.report, err = c.sameReport(servers.URL(""), n); err != nil {
		return err
	}
	for _, processes := range []int{1, 2} {
		if err := forgetShares(servers, n); err != nil {
			return err
		}
		served, err := c.serve(servers.URL(""), processes, c.figures.want)
		if err != nil {
			return err
		}
		f.served = append(f.served, served)
	}
	if f.rowBytes, f.shareBytes, err = tableBytes(servers, n); err != nil {
		return err
	}
	for shard := range n {
		f.serverPeak = append(f.serverPeak, peakOf(servers.PID(shard+1)))
	}
	c.figures.clusters = append(c.figures.clusters, f)
	return nil
}

// sameReport has the report of the largest cluster held against that of the folder:
// one is enough, as a copy was held against the folder row by row.
func (c *clusterRun) sameReport(url string, shards int) (cost, error) {
	if shards < mostShards {
		return cost{}, nil
	}
	report, took, err := c.report(url)
	if err != nil {
		return took, err
	}
	return took, sameAnswer(c.figures.want, report)
}

// mostShards are the shards of the largest cluster.
const mostShards = 2

// A cost is what a run took.
type cost struct{ seconds, processor, bytes float64 }

// run runs saidi to its end.
func (c *clusterRun) run(args ...string) (cost, error) {
	_, took, err := c.output(args...)
	return took, err
}

func (c *clusterRun) output(args ...string) ([]byte, cost, error) {
	ctx, cancel := context.WithTimeout(context.Background(), mostWait)
	defer cancel()
	command := exec.CommandContext(ctx, c.saidi, args...)
	command.Stderr = c.stderr
	begin := c.now()
	text, err := command.Output()
	took := cost{seconds: c.now().Sub(begin).Seconds()}
	if err != nil {
		return nil, took, fmt.Errorf("saidi %s: %w", args[0], err)
	}
	if used, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		took.processor = command.ProcessState.UserTime().Seconds() + command.ProcessState.SystemTime().Seconds()
		took.bytes = float64(used.Maxrss) * 1024
	}
	c.say("saidi %s: %.1f s, %.2f GB", strings.Join(args[:2], " "), took.seconds, gigabytes(took.bytes))
	return text, took, nil
}

// report asks for the answer once.
func (c *clusterRun) report(store string) (json.RawMessage, cost, error) {
	return c.output("report", "--store", store, "--as-of", clusterAsOf, "--format", "json")
}

// clusterAsOf is the end of the years of the data.
const clusterAsOf = "2023-01-01"

// sameAnswer compares the indices and targets of two reports.
func sameAnswer(want, got json.RawMessage) error {
	part := func(text json.RawMessage) (string, error) {
		var r struct{ Indices, Targets, Quality json.RawMessage }
		if err := json.Unmarshal(text, &r); err != nil {
			return "", err
		}
		return string(r.Indices) + string(r.Targets) + string(r.Quality), nil
	}
	a, err := part(want)
	if err != nil {
		return err
	}
	b, err := part(got)
	if err != nil {
		return err
	}
	if a != b {
		return fmt.Errorf("%w: the report of the cluster is not that of the folder", errDiffer)
	}
	return nil
}

// A serving is exporters until all of them have the full answer.
type serving struct {
	processes int
	seconds   float64
	processor float64   // of all of them together
	peaks     []float64 // bytes, of each
}

// serve starts exporters at once and waits until each shows all that the store
// knows.
func (c *clusterRun) serve(store string, processes int, report json.RawMessage) (s serving, err error) {
	var known struct {
		Provenance struct {
			KnownAt int64 `json:"known_at"`
		}
	}
	if err := json.Unmarshal(report, &known); err != nil {
		return s, err
	}
	s.processes = processes
	begin := c.now()
	var running []*exporter
	defer func() {
		for _, x := range running {
			x.Stop()
		}
	}()
	for range processes {
		x, err := c.start(store)
		if err != nil {
			return s, err
		}
		running = append(running, x)
	}
	for _, x := range running {
		if err := x.awaits(known.Provenance.KnownAt); err != nil {
			return s, err
		}
	}
	s.seconds = c.now().Sub(begin).Seconds()
	for _, x := range running {
		s.peaks = append(s.peaks, peakOf(x.PID()))
		s.processor += processorOf(x.PID())
	}
	c.say("serve by %d: %.1f s, %v bytes", processes, s.seconds, s.peaks)
	return s, nil
}

// An exporter is a saidi serve that runs.
type exporter struct {
	*program.Program
	address string
}

// start starts an exporter of a store.
func (c *clusterRun) start(store string) (*exporter, error) {
	c.config++
	path := filepath.Join(c.dir, fmt.Sprint("saidi", c.config, ".yml"))
	if err := os.WriteFile(path, []byte("store: "+strconv.Quote(store)+"\nsources: [{name: bench, push: true}]\n"), 0o600); err != nil {
		return nil, err
	}
	address, err := program.FreeAddress()
	if err != nil {
		return nil, err
	}
	p, err := program.Start(nil, c.saidi, "serve", "--config", path, "--web.listen-address", address, "--log.level=warn")
	return &exporter{p, address}, err
}

// awaits waits until the exporter shows what is known at a sequence.
func (x *exporter) awaits(sequence int64) error {
	for until := time.Now().Add(mostWait); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if x.Gone() {
			return fmt.Errorf("the exporter ended: %s", x.LastOfLog(2000))
		}
		answer, err := http.Get("http://" + x.address + "/metrics")
		if err != nil {
			continue
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // it was read
		if err == nil && strings.Contains(string(text), "\noutage_store_applied_sequence "+sample(sequence)+"\n") {
			return nil
		}
	}
	return fmt.Errorf("the exporter does not show sequence %d: %s", sequence, x.LastOfLog(2000))
}

// sample writes a number as metrics do.
func sample(n int64) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }

// peakOf is the most memory that a process held, in bytes.
func peakOf(pid int) float64 {
	kilobytes, _ := strconv.ParseFloat(strings.TrimSuffix(procField(fmt.Sprintf("/proc/%d/status", pid), "VmHWM"), " kB"), 64)
	return kilobytes * 1024
}

// processorOf is the processor time of a process in seconds.
func processorOf(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	const ticks = 100 // a second, as Linux counts for programs
	return (user + system) / ticks
}

// folderBytes adds up the files below a folder.
func folderBytes(dir string) (bytes float64) {
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // it may have gone meanwhile
		}
		if info, err := d.Info(); err == nil {
			bytes += float64(info.Size())
		}
		return nil
	})
	return bytes
}

// onShards asks each server by itself.
func onShards(servers *testcluster.Cluster, n int, ask func(*sql.DB) error) error {
	for shard := range n {
		db, err := sql.Open("clickhouse", servers.ShardURL(shard+1, ""))
		if err == nil {
			err = errors.Join(ask(db), db.Close())
		}
		if err != nil {
			return fmt.Errorf("shard %d: %w", shard+1, err)
		}
	}
	return nil
}

// shareTables are those of what was worked out, as a pattern; the rows are in others.
const shareTables = "(day_sum|tally|going|manifest|moment|done)(_here)?"

// forgetShares empties them, so that everything is worked out anew.
func forgetShares(servers *testcluster.Cluster, n int) error {
	return onShards(servers, n, func(db *sql.DB) error {
		names, err := texts(db, "SELECT name FROM system.tables WHERE database = 'default' AND match(name, '^"+shareTables+"$') AND engine LIKE '%MergeTree%'")
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := db.Exec("TRUNCATE TABLE default." + name); err != nil {
				return err
			}
		}
		return nil
	})
}

func texts(db *sql.DB, query string) (list []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// tableBytes is how much the tables of rows and of shares take on the disks.
func tableBytes(servers *testcluster.Cluster, n int) (rows, shares float64, err error) {
	err = onShards(servers, n, func(db *sql.DB) error {
		var all, of uint64
		if err := db.QueryRow("SELECT sum(bytes_on_disk), sumIf(bytes_on_disk, match(table, '^"+shareTables+"$')) FROM system.parts WHERE active AND database = 'default'").Scan(&all, &of); err != nil {
			return err
		}
		rows, shares = rows+float64(all-of), shares+float64(of)
		return nil
	})
	return rows, shares, err
}
