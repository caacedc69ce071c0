package metrics

import "slices"

// A Kind is the type of a family.
type Kind string

// The kinds.
const (
	Gauge   Kind = "gauge"
	Counter Kind = "counter"
)

// A Family is one name that the program exports.
type Family struct {
	Name   string
	Kind   Kind
	Labels []string
	Help   string
	// Unused says why no dashboard, rule or alert uses the family; empty where
	// one does.
	Unused string
}

// Families lists every family, those of the Go runtime and the process apart.
// dashboards is tested against it.
func Families() []Family {
	return slices.Concat(sumFamilies(), indexFamilies(), targetFamilies(), projectionFamilies(), budgetFamilies(), detailFamilies(), dataFamilies(), healthFamilies(), storeFamilies(), clusterFamilies(), infoFamilies())
}

func sumFamilies() []Family {
	labels := []string{LabelArea, LabelClass, LabelNature, LabelWindow}
	sum := func(name, help string) Family { return Family{Name: name, Kind: Gauge, Labels: labels, Help: help} }
	return []Family{
		sum(CustomerInterruptionSeconds, "Customer-seconds without supply, all lengths. May be summed over areas, classes and natures, never over windows."),
		sum(MomentaryCustomerInterruptionSeconds, "The part of outage_customer_interruption_seconds that momentary interruptions have."),
		sum(CustomerInterruptions, "Customers interrupted, once for each interruption, all lengths."),
		sum(MomentaryCustomerInterruptions, "The part of outage_customer_interruptions that is momentary."),
		sum(Events, "Outages, each counted once a feeder, in its largest part."),
		{Name: EquivalentCustomers, Kind: Gauge, Labels: []string{LabelArea, LabelClass, LabelWindow}, Help: "Customers in service at an average instant of the window: the denominator of every index. None of an area of which nothing is known in the window."},
		{Name: ServedCustomers, Kind: Gauge, Labels: []string{LabelArea, LabelClass}, Help: "Customers in service at the as-of instant."},
	}
}

func indexFamilies() []Family {
	sets, one := []string{LabelScope, LabelClass, LabelIndex, LabelWindow}, []string{LabelScope, LabelClass, LabelWindow}
	return []Family{
		{Name: SAIDISeconds, Kind: Gauge, Labels: sets, Help: "Average time without supply of a customer served, in seconds. The sets ieee and ieee-ex-med cannot be pooled from the sums, as they book outages on the day on which they start."},
		{Name: SAIFI, Kind: Gauge, Labels: sets, Help: "Average number of interruptions of a customer served."},
		{Name: CAIDISeconds, Kind: Gauge, Labels: sets, Help: "Average length of an interruption of a customer, in seconds."},
		{Name: MAIFI, Kind: Gauge, Labels: one, Help: "Average number of momentary interruptions of a customer served."},
		{Name: ASAIRatio, Kind: Gauge, Labels: one, Help: "Share of the customer-time with supply, by the index set that is judged."},
		{Name: ReductionRatio, Kind: Gauge, Labels: one, Help: "1 - SAIDI of the window / SAIDI of the same window of the year before, by the index set that is judged. While the year runs both end where the data reaches."},
	}
}

// target is a family of the targets, whose labels name one in one year.
func target(name, help string, more ...string) Family {
	labels := []string{LabelPolicy, LabelScope, LabelClass, LabelRule, LabelStrength, LabelYear}
	return Family{Name: name, Kind: Gauge, Labels: slices.Concat(labels, more), Help: help}
}

func targetFamilies() []Family {
	return []Family{
		target(TargetLimitSeconds, "What the value of the year must not exceed, in seconds for each customer: a cap, or what a reduction leaves of the base year."),
		target(TargetValueSeconds, "The value that is judged, in seconds for each customer, up to as-of while the year runs."),
		target(TargetExpectedSeconds, "The part of the limit that is expected to be used by as-of, in seconds for each customer; once the year is complete, all of it."),
		target(TargetReductionRatio, "Of a reduction: 1 - value / value of its base year; while the year runs of both up to the same local date and clock, where the data reaches."),
		target(TargetRequiredReductionRatio, "Of a reduction: the share by which the value must be less than that of the base year."),
		target(TargetBudgetCustomerSeconds, "Limit times the equivalent customers of the whole year, today's base held to its end, in customer-seconds."),
		target(TargetBudgetRemainingCustomerSeconds, "What is left of the budget, in customer-seconds; below zero once it is overspent."),
		target(TargetBurnRatio, "How fast the budget was used in the time before as-of: 1 uses it up in exactly a year.", LabelBurnWindow),
		target(TargetVerdict, "1 for the verdict that holds, 0 for the others.", LabelVerdict),
	}
}

// projectionFamilies are of where the year of a target will end.
func projectionFamilies() []Family {
	return []Family{
		target(TargetProjectedSeconds, "Where the value of the year will end, in seconds for each customer: the least that it does not exceed with the probability. From what has happened, what is scheduled and what history says of the rest; the value itself once the year is complete. None where there is too little history.", LabelProbability),
		target(TargetMissProbabilityRatio, "Probability, 0 to 1, that the value of the year will be above the limit; of the same futures as outage_target_projected_seconds."),
		target(TargetPasses, "Beginning of the local day from which on the limit is more likely passed than not, in seconds since 1970, event time. None where it is not by the year's end, or was passed already."),
		target(TargetLevelRatio, "Level of this year against that of the years before, as far as the days so far can tell: 1 is the same, or nothing to say."),
		target(TargetBaseStormRatio, "Of a reduction: share of the base year's customer-seconds that passed on major event days (2.5 beta) of the whole. From the required reduction on, the base year is a storm year: without those days alone the target would be met."),
	}
}

// budgetFamilies are of how the budget of a target is divided. The parts of each
// division add up to the whole.
func budgetFamilies() []Family {
	return []Family{
		target(TargetScheduledCustomerSeconds, "Customer-seconds of outages that are told already and still to come in the year: pre-arranged ones, and what outages under way will have until the end that is told of them. Of running years.", LabelPart),
		target(TargetBudgetPartCustomerSeconds, "The part of outage_target_budget_customer_seconds that is set aside for pre-arranged outages, and that of faults and what is unknown, in customer-seconds: in the share that the policy sets, else that history expects.", LabelPart),
		target(TargetBudgetPartRemainingCustomerSeconds, "What is left of the part of the budget, in customer-seconds; below zero once it is overspent. What is scheduled is not taken off.", LabelPart),
		target(TargetBudgetMonthCustomerSeconds, "The part of the budget that each month of the running year has, in customer-seconds: as much as history expects of it, else by its length.", LabelMonth),
		target(TargetBudgetMonthUsedCustomerSeconds, "Customer-seconds used in each month of the running year.", LabelMonth),
		target(TargetBudgetMemberCustomerSeconds, "The part of the budget of a pooled scope that each of its areas has, in customer-seconds: as much as history expects of it, else by its customers.", LabelArea),
		target(TargetBudgetMemberRemainingCustomerSeconds, "What is left of the part of an area in the budget of a pooled scope, in customer-seconds; below zero once it is overspent.", LabelArea),
	}
}

func detailFamilies() []Family {
	return []Family{
		{Name: InterruptedCustomers, Kind: Gauge, Labels: []string{LabelArea, LabelClass}, Help: "Customers without supply at the as-of instant."},
		{Name: ActiveEvents, Kind: Gauge, Labels: []string{LabelArea, LabelClass}, Help: "Outages going on at the as-of instant, each counted once a feeder, in its largest part."},
		{Name: MonthSAIDISeconds, Kind: Gauge, Labels: []string{LabelScope, LabelClass, LabelMonth}, Help: "Average time without supply of a customer served in each month of this year and the last, in seconds, by the index set that is judged."},
		{Name: CauseCustomerInterruptionSeconds, Kind: Gauge, Labels: []string{LabelArea, LabelCause, LabelWindow}, Help: "Customer-seconds without supply by cause, all natures and lengths: the worst of each area, and the rest as other, so that they may be summed."},
		{Name: RepeatInterruptionCustomers, Kind: Gauge, Labels: []string{LabelArea, LabelClass, LabelRule}, Help: "Customers with repeat outages by a rule of the policy, this year. Only where the base knows single customers or transformers, and of events that name them. Rules overlap: not to be summed over them."},
		{Name: DaySAIDISeconds, Kind: Gauge, Labels: []string{LabelScope}, Help: "SAIDI of the running local day under IEEE 1366, in seconds: sustained interruptions, booked on the day on which they start, all classes."},
		{Name: MajorEventDayThresholdSeconds, Kind: Gauge, Labels: []string{LabelScope}, Help: "T_MED of the running year, in seconds: a day whose SAIDI is above it is a major event day. Of the whole only."},
		{Name: FeederCustomerInterruption, Kind: Gauge, Labels: []string{LabelFeeder, LabelArea, LabelWindow}, Help: "Customer-seconds without supply of the worst feeders of each area, all natures and lengths. Not to be summed: the others are missing."},
	}
}

func dataFamilies() []Family {
	none := []string(nil)
	return []Family{
		{Name: CoverageRatio, Kind: Gauge, Labels: []string{LabelArea}, Help: "Share of the year so far for which deliveries declare to hold every outage. No sample where none declares anything."},
		{Name: DataThrough, Kind: Gauge, Labels: []string{LabelArea}, Help: "End of the last period that is declared whole, else as-of, in seconds since 1970, event time."},
		{Name: OpenEvents, Kind: Gauge, Labels: none, Help: "Rows without an end that are still out at as-of."},
		{Name: StaleOpenEvents, Kind: Gauge, Labels: none, Help: "Rows that have been open for so long that their end is probably missing."},
		{Name: RejectedRows, Kind: Gauge, Labels: []string{LabelReason}, Help: "Rows that do not count because they are impossible, by reason."},
		{Name: SuspiciousRows, Kind: Gauge, Labels: []string{LabelReason}, Help: "Rows that count and about which something is odd, by what it is."},
		{Name: UncountedCustomerSeconds, Kind: Gauge, Labels: []string{LabelReason}, Help: "Customer-seconds that accepted rows speak of and that do not count: over_base, more customers than the base has; overlap_excess, they were out already. A customer or transformer that two rows name is out once, and is not told here."},
		{Name: CoverageMinimumRatio, Kind: Gauge, Labels: []string{LabelPolicy}, Help: "The least coverage with which the policy lets a target be met."},
		{Name: RejectedRowsMaximumRatio, Kind: Gauge, Labels: []string{LabelPolicy}, Help: "The largest share of rejected rows with which the policy lets a target be met."},
		{Name: BurnLimitRatio, Kind: Gauge, Labels: []string{LabelPolicy, LabelBurnWindow}, Help: "The burn above which the policy wants to be warned."},
		{Name: MissProbabilityLimitRatio, Kind: Gauge, Labels: []string{LabelPolicy, LabelVerdict}, Help: "The probability of missing a target, 0 to 1, above which the policy calls it at-risk, and off-track."},
		{Name: DataAgeLimitSeconds, Kind: Gauge, Labels: none, Help: "How far an area's data may lag behind as-of before it is stale, as configured."},
		{Name: InterruptedCustomersLimitRatio, Kind: Gauge, Labels: none, Help: "The share of an area's customers that may be out at once before it is many, as configured."},
	}
}

func healthFamilies() []Family {
	none, source := []string(nil), []string{LabelSource}
	return []Family{
		{Name: SourceUp, Kind: Gauge, Labels: source, Help: "1 if the source could be read when it was last looked at, 0 if it or one of its files could not."},
		{Name: SourceFaults, Kind: Gauge, Labels: source, Help: "Faults of the source that the page at / names: files that cannot be read, a folder that is gone."},
		{Name: LatestEvent, Kind: Gauge, Labels: source, Help: "Start of the latest outage that the source told of, apart from those arranged beforehand, which may lie ahead, in seconds since 1970, event time."},
		{Name: IngestLastSuccess, Kind: Gauge, Labels: source, Help: "When the source was last looked at with success, in seconds since 1970, wall time."},
		{Name: IngestDurationSeconds, Kind: Gauge, Labels: source, Help: "How long the last reading of a delivery of the source took."},
		{Name: IngestRowsTotal, Kind: Counter, Labels: []string{LabelSource, LabelOutcome, LabelReason}, Help: "Rows read since the program started, by what became of them when they were read. A file that changes is read again, and without a store a reload reads all of them again."},
		{Name: SourcePendingMessages, Kind: Gauge, Labels: source, Help: "Messages of a stream that wait to be taken. Only of sources that are streams."},
		{Name: SnapshotAsOf, Kind: Gauge, Labels: none, Help: "The instant up to which everything is counted, in seconds since 1970, event time."},
		{Name: SnapshotComputed, Kind: Gauge, Labels: none, Help: "When the snapshot was made, in seconds since 1970, wall time."},
		{Name: SnapshotDuration, Kind: Gauge, Labels: []string{LabelStep}, Help: "How long the last snapshot took, by step."},
		{Name: SnapshotSynthetic, Kind: Gauge, Labels: none, Help: "1 if at least one row is made up, and so is everything shown; else 0."},
		{Name: GroupsRecomputedTotal, Kind: Counter, Labels: none, Help: "How often the outages of an allocation group (a feeder) were counted again."},
		{Name: ConfigReloadSuccessful, Kind: Gauge, Labels: none, Help: "1 if the last reload of the configuration worked, else 0."},
		{Name: ConfigReloadTimestamp, Kind: Gauge, Labels: none, Help: "When a reload of the configuration last worked, in seconds since 1970, wall time."},
	}
}

// storeFamilies are those of a store and of what is pushed; without a store there
// are none.
func storeFamilies() []Family {
	none, writer := []string(nil), []string{LabelWriter}
	return []Family{
		{Name: StoreSequence, Kind: Gauge, Labels: none, Help: "The last sequence number that the store has given."},
		{Name: StoreAppliedSequence, Kind: Gauge, Labels: none, Help: "The last sequence number that counts in what is shown. Behind outage_store_sequence for a moment after each delivery, for longer if something is wrong."},
		{Name: StoreDeliveries, Kind: Gauge, Labels: none, Help: "Deliveries in the store, withdrawn ones too."},
		{Name: StoreRows, Kind: Gauge, Labels: none, Help: "Readable rows of events in the store, those of withdrawn deliveries too."},
		{Name: StoreTailRows, Kind: Gauge, Labels: none, Help: "Rows that are in the catalogue and not in segments yet."},
		{Name: StoreSegments, Kind: Gauge, Labels: none, Help: "Segments, which are Parquet files."},
		{Name: StoreBytes, Kind: Gauge, Labels: none, Help: "What the store takes on disk."},
		{Name: StoreFaults, Kind: Gauge, Labels: none, Help: "Faults of the store that the page at / names: it cannot be read, cannot be written, or holds what cannot be counted."},
		{Name: PushRequestsTotal, Kind: Counter, Labels: []string{LabelWriter, LabelStatus}, Help: "Pushes answered since the configuration was read, by writer and status."},
		{Name: PushBytesTotal, Kind: Counter, Labels: writer, Help: "Bytes of bodies that were pushed, as they came."},
		{Name: PushSecondsTotal, Kind: Counter, Labels: writer, Help: "Time that pushes took until they were answered. Divided by outage_push_requests_total, the mean time to acknowledgement."},
		{Name: PushInFlight, Kind: Gauge, Labels: none, Help: "Pushes that are being taken in."},
	}
}

// clusterFamilies are those of a store in ClickHouse.
func clusterFamilies() []Family {
	none := []string(nil)
	const why = "that a shard is gone is a fault of the store, and what is behind shows in its sequences: these tell why"
	return []Family{
		{Name: ClusterMembers, Kind: Gauge, Labels: none, Help: "Processes that share the work on a store in ClickHouse and are alive, as this one sees it.", Unused: why},
		{Name: ClusterSlots, Kind: Gauge, Labels: none, Help: "Slots of the store that this process looks after. Over all processes they add up to those of the store.", Unused: why},
		{Name: ClusterSlotsPending, Kind: Gauge, Labels: none, Help: "Slots, of all processes, that are not yet at the newest moment.", Unused: why},
		{Name: ClusterMoment, Kind: Gauge, Labels: none, Help: "The instant of the last answer that all processes agreed on.", Unused: why},
		{Name: ClusterBehind, Kind: Gauge, Labels: none, Help: "Sequence numbers that were told and do not count in the last answer.", Unused: why},
		{Name: ClusterGroupsTotal, Kind: Counter, Labels: none, Help: "Allocation groups that this process worked out. What changes touches its groups only; another base or a withdrawal all of them.", Unused: why},
		{Name: ClusterRowsTotal, Kind: Counter, Labels: none, Help: "Rows that this process read to work groups out.", Unused: why},
		{Name: ClusterDuration, Kind: Gauge, Labels: []string{LabelStep}, Help: "What the last moment took this process: step work is reading and counting groups, compose adding up the shares of all.", Unused: why},
		{Name: ClusterShardUp, Kind: Gauge, Labels: []string{LabelShard}, Help: "Whether a shard of the store answered when it was asked last.", Unused: why},
	}
}

func infoFamilies() []Family {
	info := func(name, help string, labels ...string) Family {
		return Family{Name: name, Kind: Gauge, Labels: labels, Help: help + " Always 1."}
	}
	return []Family{
		info(PolicyInfo, "The policy that is followed and the index set that it judges by.", LabelPolicy, LabelIndex, LabelSHA256, LabelNameZh, LabelNameEn),
		info(ScopeInfo, "The areas, groups and the whole with their names.", LabelScope, LabelLevel, LabelNameZh, LabelNameEn),
		info(ScopeMemberInfo, "The areas that make up each scope; an area is its own only one.", LabelScope, LabelArea),
		info(ClassInfo, "The classes and groups of classes with their names.", LabelClass, LabelNameZh, LabelNameEn),
		info(RepeatRuleInfo, "The rules of repeat outages with their names.", LabelRule, LabelNameZh, LabelNameEn),
	}
}
