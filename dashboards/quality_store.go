package dashboards

import "fmt"

// storeBands are of the store and of what is told by push and stream. An
// installation without a store has nothing of it, so they stand last.
func (t tongue) storeBands() []band {
	return []band{
		heading(t.say("存储、推送与消息流（未配置存储时为空）", "Store, pushes and streams (empty without a store)")),
		{4, t.storeHealth()},
		{4, t.storeSize()},
		{9, []panel{t.sequenceCurve(), t.pendingCurve()}},
		{9, []panel{t.pushCurve(), t.pushTimeCurve()}},
		{7, []panel{t.writerTable()}},
	}
}

// withoutStore stands where there is no store.
func (t tongue) withoutStore() property {
	return noValue(t.say("未配置存储", "no store"))
}

// mayBeEmpty describes a panel that has nothing without a store.
func (t tongue) mayBeEmpty(zh, en string) string {
	return t.say(zh+"(may be empty)", en+" (may be empty)")
}

// behind is how many rows of a store do not count. Each exporter has a store of
// its own.
const behind = "outage_store_sequence - outage_store_applied_sequence"

func (t tongue) storeHealth() []panel {
	count := []property{unit("locale"), decimals(0), t.withoutStore()}
	plain := append([]property{colour(plainColour)}, count...)
	return []panel{
		tiles(4, t.say("存储故障", "Faults of the store"), t.mayBeEmpty("存储无法读写，或含有无法计入的数据；首页逐条列出。", "The store cannot be read or written, or holds what cannot be counted; each is named on the program's page."),
			append(count, steps(green, step{1, vermillion})...), query{expr: "max(outage_store_faults)"}),
		tiles(4, t.say("已存储未计入", "Stored, not counted"), t.mayBeEmpty("已写入存储但尚未计入的记录数；每次送来数据后短时不为零属正常。", "Rows that are stored and do not count yet; a moment after each delivery there are some."),
			append(count, steps(green, step{1, orange})...), query{expr: fmt.Sprintf("max(%s)", behind)}),
		stat(5, t.say("最后存储序号", "Last stored"), t.mayBeEmpty("存储给出的最后一个序号。", "The last sequence number that the store has given."), plain,
			query{expr: "max(outage_store_sequence)"}),
		stat(5, t.say("最后计入序号", "Last counted"), t.mayBeEmpty("已计入所示数值的最后一个序号。", "The last sequence number that counts in what is shown."), plain,
			query{expr: "max(outage_store_applied_sequence)"}),
		stat(3, t.say("正在接收的推送", "Pushes in flight"), t.mayBeEmpty("正在接收、尚未应答的推送数。", "Pushes that are being taken in."), plain,
			query{expr: "max(outage_push_in_flight)"}),
		stat(3, t.say("等待的消息", "Messages waiting"), t.mayBeEmpty("各消息流中等待接收的消息总数；没有消息流时为空。", "Messages of all streams that wait to be taken; nothing without a stream."),
			[]property{unit("locale"), decimals(0), colour(plainColour), noValue(t.say("无消息流", "no stream"))},
			query{expr: "sum(max by (source) (outage_source_pending_messages))"}),
	}
}

func (t tongue) storeSize() []panel {
	plain := []property{unit("locale"), decimals(0), colour(plainColour), t.withoutStore()}
	size := []property{unit("bytes"), decimals(1), colour(plainColour), t.withoutStore()}
	return []panel{
		stat(5, t.say("批次", "Deliveries"), t.mayBeEmpty("存储中的批次数，含已撤回的。", "Deliveries in the store, withdrawn ones too."), plain, query{expr: "max(outage_store_deliveries)"}),
		stat(5, t.say("记录", "Rows"), t.mayBeEmpty("存储中可读的事件记录数，含已撤回批次的。", "Readable rows of events in the store, those of withdrawn deliveries too."), plain, query{expr: "max(outage_store_rows)"}),
		stat(5, t.say("尚未归段的记录", "Rows in the tail"), t.mayBeEmpty("在目录库中、尚未写入 Parquet 段的记录数。", "Rows that are in the catalogue and not in Parquet segments yet."), plain, query{expr: "max(outage_store_tail_rows)"}),
		stat(4, t.say("段", "Segments"), t.mayBeEmpty("Parquet 段文件数。", "Segments, which are Parquet files."), plain, query{expr: "max(outage_store_segments)"}),
		stat(5, t.say("占用磁盘", "Size on disk"), t.mayBeEmpty("存储占用的磁盘空间。", "What the store takes on disk."), size, query{expr: "max(outage_store_bytes)"}),
	}
}

func (t tongue) sequenceCurve() panel {
	late := fmt.Sprintf("max(%s - %s)", lately("outage_store_sequence"), lately("outage_store_applied_sequence"))
	return curve(12, t.say("已存储未计入的变化", "Stored and not counted over time"),
		t.mayBeEmpty("短时的尖峰属正常；五分钟前存储的仍未计入才是落后。", "Short peaks are as they should be; what was stored five minutes ago and does not count is behind."),
		[]property{unit("locale"), decimals(0), {"custom.fillOpacity", 15}},
		query{late, t.say("未计入的记录", "rows not counted"), []property{colour(orange)}})
}

func (t tongue) pendingCurve() panel {
	return curve(12, t.say("等待接收的消息", "Messages that wait"),
		t.mayBeEmpty("各消息流中等待接收的消息数；没有消息流时为空。", "Messages of each stream that wait to be taken; nothing without a stream."),
		[]property{unit("locale"), decimals(0), {fieldColour, object{"mode": "palette-classic"}}},
		query{expr: fmt.Sprintf("max by (source) (%s)", lately("outage_source_pending_messages")), legend: "{{source}}"})
}

// pushes are those of a status a second, of writers who had any since the
// configuration was read.
func pushes(status string) string {
	of := fmt.Sprintf(`outage_push_requests_total{status="%s"}`, status)
	return fmt.Sprintf("max by (writer) (rate(%[1]s[$__rate_interval])) and on (writer) max by (writer) (%[1]s) > 0", of)
}

func (t tongue) pushCurve() panel {
	return curve(12, t.say("推送", "Pushes"),
		t.mayBeEmpty("每秒推送数，按推送方和结果；“-”为无权推送者。虚线为推送方的错误（4xx），红色为程序或存储未能接收（5xx）。", "Pushes a second by writer and what became of them; \"-\" is whoever may not push. Dashed: the writer's mistake (4xx); red: the program or its store could not take it (5xx)."),
		[]property{unit("suffix:" + t.say("次/秒", "per s")), decimals(2), {fieldColour, object{"mode": "palette-classic"}}},
		query{expr: pushes("2xx"), legend: t.say("{{writer}} 接收", "{{writer}} taken")},
		query{pushes("4xx"), t.say("{{writer}} 拒绝", "{{writer}} refused"), []property{dashed()}},
		query{pushes("5xx"), t.say("{{writer}} 失败", "{{writer}} failed"), []property{colour(vermillion)}},
	)
}

// acknowledging is the mean time until a push was answered, by writer. Where
// nothing was pushed there is none, nor of those who may not push.
func acknowledging(span string) string {
	return fmt.Sprintf(`max by (writer) (rate(outage_push_seconds_total{writer!="-"}[%[1]s]) / (sum without (status) (rate(outage_push_requests_total[%[1]s])) > 0))`, span)
}

func (t tongue) pushTimeCurve() panel {
	return curve(12, t.say("推送应答用时", "Time to acknowledgement"),
		t.mayBeEmpty("从收到请求头到应答的平均用时，按推送方，不含无权推送者；没有推送时为空。", "Mean time from the header of a push to its answer, by writer, without those who may not push; nothing while nobody pushes."),
		[]property{unit("s"), decimals(1), {fieldColour, object{"mode": "palette-classic"}}},
		query{expr: acknowledging("$__rate_interval"), legend: "{{writer}}"})
}

func (t tongue) writerTable() panel {
	of := func(status string) string {
		return fmt.Sprintf(`max by (writer) (increase(outage_push_requests_total{status="%s"}[$__range]))`, status)
	}
	count := []property{unit("locale"), decimals(0)}
	return table(gridColumns, t.say("推送方", "Writers"),
		t.mayBeEmpty("所选时间内每个推送方的推送及结果，以及送来的数据量；“-”为无权推送者。", "What each writer pushed in the time range and what became of it; \"-\" is whoever may not push."),
		t.say("接收", "Taken"), true,
		column{title: t.say("推送方", "Writer"), label: "writer"},
		column{title: t.say("接收", "Taken"), query: of("2xx"), width: 150, look: count},
		column{title: t.say("拒绝（4xx）", "Refused, 4xx"), query: of("4xx"), width: 150, look: count},
		column{title: t.say("失败（5xx）", "Failed, 5xx"), query: of("5xx"), width: 150, look: append([]property{unit("locale"), decimals(0), colouredCell()}, steps(plainColour, step{0.5, vermillion})...)},
		column{title: t.say("数据量", "Data"), query: "max by (writer) (increase(outage_push_bytes_total[$__range]))", width: 150, look: []property{unit("bytes"), decimals(1)}},
		column{title: t.say("平均应答用时", "Mean time to answer"), query: acknowledging("$__range"), width: 200, look: []property{unit("s"), decimals(1)}},
	)
}
