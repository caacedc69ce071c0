package dashboards

// storeFaulty is of a store that has a fault.
func storeFaulty() alert {
	return alert{
		name: "SaidiStoreFaulty", expr: "max(outage_store_faults) > 0", hold: "5m", severity: severityCritical, audience: audienceOperator, about: aboutProgram,
		summary: bilingual{
			"The store is faulty: what is told now may not count or may not be kept",
			"存储故障：现在送来的数据可能不计入或无法保存"},
		detail: bilingual{
			"Faults: {count}. The store cannot be read, cannot be written, or holds what cannot be counted; the page of the exporter names each with its place. What counted before still does; what is not acknowledged has to be sent again.",
			"故障 {count} 项：存储无法读取、无法写入，或含有无法计入的数据，导出程序页面逐条列出。此前计入的仍然有效；未获确认的数据须重新发送。"},
	}
}

// storeBehind is of rows that were stored five minutes ago and do not count. The
// sequence of then is asked for, as that of now is ahead for a moment whenever
// something is stored; the sequence of now, as a store may have been replaced.
func storeBehind() alert {
	return alert{
		name: "SaidiStoreBehind", hold: "1m", severity: severityWarning, audience: audienceOperator, about: aboutProgram,
		expr: `
max(
  outage_store_sequence - outage_store_applied_sequence > 0
  and
  outage_store_sequence offset 5m > outage_store_applied_sequence
)`,
		summary: bilingual{
			"{count} rows are stored and do not count",
			"{count} 条记录已存储但未计入"},
		detail: bilingual{
			"At least one of them was stored more than five minutes ago; else that takes a second. The figures are those of before. Nothing is lost: it counts once the exporter follows its store again.",
			"其中有的五分钟前就已存储，平时一秒内即计入。数值仍是此前的。数据没有丢失，导出程序恢复跟进后即计入。"},
	}
}

// sourceBacklog is of streams whose messages wait. The least of five minutes is
// held against the least of the five before, so that a queue that is emptied from
// time to time, or grows shorter, is none.
func sourceBacklog() alert {
	return alert{
		name: "SaidiSourceBacklog", hold: "5m", severity: severityWarning, audience: audienceOperator, about: aboutData,
		expr: `
max by (source) (
  min_over_time(outage_source_pending_messages[5m])
  >= (min_over_time(outage_source_pending_messages[5m] offset 5m) > 0)
)`,
		summary: bilingual{
			"Source {{ $labels.source }}: {count} messages or more wait and do not get fewer",
			"数据源 {{ $labels.source }}：至少 {count} 条消息等待接收，且没有减少"},
		detail: bilingual{
			"For fifteen minutes the stream has not been emptied, nor has what waits become less. The outages in it do not count yet. A stream that is full drops its oldest messages or refuses new ones.",
			"十五分钟以来消息流一直没有取空，等待的消息也没有减少，其中的停电尚未计入。消息流写满后会丢弃最早的消息或拒收新消息。"},
	}
}

// pushesFailing is of writers of whose pushes more failed than were taken.
// Answers of 4xx are left out: they are the writer's to mend.
func pushesFailing() alert {
	return alert{
		name: "SaidiPushesFailing", hold: "5m", severity: severityWarning, audience: audienceOperator, about: aboutData,
		expr: `
max by (writer) (
  (
    increase(outage_push_requests_total{status="5xx"}[15m])
    > ignoring (status)
    increase(outage_push_requests_total{status="2xx"}[15m])
  )
  / ignoring (status)
  sum without (status) (increase(outage_push_requests_total{status=~"2xx|5xx"}[15m]))
)`,
		summary: bilingual{
			"Writer {{ $labels.writer }}: {percent} of the pushes of the last 15 minutes failed",
			"推送方 {{ $labels.writer }}：最近15分钟 {percent} 的推送失败"},
		detail: bilingual{
			"More were answered with 5xx than were taken: the exporter or its store could not take them. What was not acknowledged is not stored and has to be sent again; sending it twice does no harm.",
			"以 5xx 应答的多于接收的：导出程序或其存储无法接收。未确认的数据没有存储，须重新推送；重复推送无妨。"},
	}
}
