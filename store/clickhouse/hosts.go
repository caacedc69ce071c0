package clickhouse

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// places are the addresses of all shards: those of the cluster as the first one
// knows it.
func (a *address) places(ctx context.Context, first *link) (list [][]string, err error) {
	if a.cluster == "" {
		return [][]string{a.hosts}, nil
	}
	var numbers []uint32
	err = first.query(ctx, "SELECT shard_num, host_name, port FROM system.clusters WHERE cluster = ? ORDER BY shard_num, replica_num", []any{a.cluster}, func(rows driver.Rows) error {
		var shard uint32
		var host string
		var port uint16
		if err := rows.Scan(&shard, &host, &port); err != nil {
			return err
		}
		if len(numbers) == 0 || numbers[len(numbers)-1] != shard {
			numbers, list = append(numbers, shard), append(list, nil)
		}
		last := len(list) - 1
		list[last] = append(list[last], net.JoinHostPort(host, strconv.Itoa(int(port))))
		return nil
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("the server %s knows no cluster %q: see system.clusters there", a.hosts[0], a.cluster)
	}
	for i := 0; i < len(a.hosts) && err == nil; i++ {
		err = a.checkHost(ctx, a.hosts[i], list)
	}
	if err == nil {
		list[0] = a.hosts // as they are reached from here, home first
	}
	return list, err
}

// checkHost refuses a server of the URL that is none of the first shard: what
// another shard has would be there twice.
func (a *address) checkHost(ctx context.Context, host string, places [][]string) error {
	i := slices.IndexFunc(places, func(shard []string) bool { return slices.Contains(shard, host) })
	if i < 0 { // it has another name in the cluster
		var err error
		if i, err = a.shardOf(ctx, host); err != nil {
			return err
		}
	}
	if i == 0 {
		return nil
	}
	is := "of no shard"
	if i > 0 {
		is = fmt.Sprintf("of shard %d", i+1)
	}
	return fmt.Errorf("the server %s is %s of the cluster %q: name servers of its first shard in the URL: %s (see system.clusters)", host, is, a.cluster, strings.Join(places[0], ","))
}

// shardOf asks a server of which shard it takes itself to be, from 0; -1 if of none.
func (a *address) shardOf(ctx context.Context, host string) (int, error) {
	l, err := open(*a, 1, []string{host}, "")
	if err != nil {
		return 0, err
	}
	defer l.close()
	list, err := queryAll(ctx, l, func(rows driver.Rows, n *uint32) error { return rows.Scan(n) },
		"SELECT shard_num FROM system.clusters WHERE cluster = ? AND is_local = 1 ORDER BY shard_num", a.cluster)
	if err != nil || len(list) == 0 {
		return -1, err
	}
	return int(list[0]) - 1, nil
}
