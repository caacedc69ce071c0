package metrics

// The names of the families. Dashboards, rules and alerts use these, and no
// others.
const (
	CustomerInterruptionSeconds          = "outage_customer_interruption_seconds"
	MomentaryCustomerInterruptionSeconds = "outage_momentary_customer_interruption_seconds"
	CustomerInterruptions                = "outage_customer_interruptions"
	MomentaryCustomerInterruptions       = "outage_momentary_customer_interruptions"
	Events                               = "outage_events"
	EquivalentCustomers                  = "outage_equivalent_customers"
	ServedCustomers                      = "outage_served_customers"

	SAIDISeconds   = "outage_saidi_seconds"
	SAIFI          = "outage_saifi"
	CAIDISeconds   = "outage_caidi_seconds"
	MAIFI          = "outage_maifi"
	ASAIRatio      = "outage_asai_ratio"
	ReductionRatio = "outage_reduction_ratio"

	TargetLimitSeconds                   = "outage_target_limit_seconds"
	TargetValueSeconds                   = "outage_target_value_seconds"
	TargetExpectedSeconds                = "outage_target_expected_seconds"
	TargetReductionRatio                 = "outage_target_reduction_ratio"
	TargetRequiredReductionRatio         = "outage_target_required_reduction_ratio"
	TargetBudgetCustomerSeconds          = "outage_target_budget_customer_seconds"
	TargetBudgetRemainingCustomerSeconds = "outage_target_budget_remaining_customer_seconds"
	TargetBurnRatio                      = "outage_target_burn_ratio"
	TargetVerdict                        = "outage_target_verdict"

	TargetProjectedSeconds                     = "outage_target_projected_seconds"
	TargetMissProbabilityRatio                 = "outage_target_miss_probability_ratio"
	TargetPasses                               = "outage_target_passes_timestamp_seconds"
	TargetLevelRatio                           = "outage_target_level_ratio"
	TargetBaseStormRatio                       = "outage_target_base_storm_ratio"
	TargetScheduledCustomerSeconds             = "outage_target_scheduled_customer_seconds"
	TargetBudgetPartCustomerSeconds            = "outage_target_budget_part_customer_seconds"
	TargetBudgetPartRemainingCustomerSeconds   = "outage_target_budget_part_remaining_customer_seconds"
	TargetBudgetMonthCustomerSeconds           = "outage_target_budget_month_customer_seconds"
	TargetBudgetMonthUsedCustomerSeconds       = "outage_target_budget_month_used_customer_seconds"
	TargetBudgetMemberCustomerSeconds          = "outage_target_budget_member_customer_seconds"
	TargetBudgetMemberRemainingCustomerSeconds = "outage_target_budget_member_remaining_customer_seconds"

	InterruptedCustomers = "outage_interrupted_customers"
	ActiveEvents         = "outage_active_events"

	MonthSAIDISeconds                = "outage_month_saidi_seconds"
	CauseCustomerInterruptionSeconds = "outage_cause_customer_interruption_seconds"
	RepeatInterruptionCustomers      = "outage_repeat_interruption_customers"
	DaySAIDISeconds                  = "outage_day_saidi_seconds"
	MajorEventDayThresholdSeconds    = "outage_major_event_day_threshold_seconds"
	FeederCustomerInterruption       = "outage_feeder_customer_interruption_seconds"

	CoverageRatio            = "outage_coverage_ratio"
	DataThrough              = "outage_data_through_timestamp_seconds"
	OpenEvents               = "outage_open_events"
	StaleOpenEvents          = "outage_stale_open_events"
	RejectedRows             = "outage_rejected_rows"
	SuspiciousRows           = "outage_suspicious_rows"
	UncountedCustomerSeconds = "outage_uncounted_customer_seconds"

	CoverageMinimumRatio           = "outage_coverage_minimum_ratio"
	RejectedRowsMaximumRatio       = "outage_rejected_rows_maximum_ratio"
	BurnLimitRatio                 = "outage_burn_limit_ratio"
	MissProbabilityLimitRatio      = "outage_miss_probability_limit_ratio"
	DataAgeLimitSeconds            = "outage_data_age_limit_seconds"
	InterruptedCustomersLimitRatio = "outage_interrupted_customers_limit_ratio"

	SourceUp               = "outage_source_up"
	SourceFaults           = "outage_source_faults"
	LatestEvent            = "outage_latest_event_timestamp_seconds"
	IngestLastSuccess      = "outage_ingest_last_success_timestamp_seconds"
	IngestDurationSeconds  = "outage_ingest_duration_seconds"
	IngestRowsTotal        = "outage_ingest_rows_total"
	SourcePendingMessages  = "outage_source_pending_messages"
	SnapshotAsOf           = "outage_snapshot_as_of_timestamp_seconds"
	SnapshotComputed       = "outage_snapshot_computed_timestamp_seconds"
	SnapshotDuration       = "outage_snapshot_duration_seconds"
	SnapshotSynthetic      = "outage_snapshot_synthetic"
	GroupsRecomputedTotal  = "outage_groups_recomputed_total"
	ConfigReloadSuccessful = "outage_config_last_reload_successful"
	ConfigReloadTimestamp  = "outage_config_last_reload_success_timestamp_seconds"

	StoreSequence        = "outage_store_sequence"
	StoreAppliedSequence = "outage_store_applied_sequence"
	StoreDeliveries      = "outage_store_deliveries"
	StoreRows            = "outage_store_rows"
	StoreTailRows        = "outage_store_tail_rows"
	StoreSegments        = "outage_store_segments"
	StoreBytes           = "outage_store_bytes"
	StoreFaults          = "outage_store_faults"

	ClusterMembers      = "outage_cluster_members"
	ClusterSlots        = "outage_cluster_slots"
	ClusterSlotsPending = "outage_cluster_slots_pending"
	ClusterMoment       = "outage_cluster_moment_timestamp_seconds"
	ClusterBehind       = "outage_cluster_behind_sequences"
	ClusterGroupsTotal  = "outage_cluster_groups_worked_out_total"
	ClusterRowsTotal    = "outage_cluster_rows_read_total"
	ClusterDuration     = "outage_cluster_duration_seconds"
	ClusterShardUp      = "outage_cluster_shard_up"

	PushRequestsTotal = "outage_push_requests_total"
	PushBytesTotal    = "outage_push_bytes_total"
	PushSecondsTotal  = "outage_push_seconds_total"
	PushInFlight      = "outage_push_in_flight"

	BuildInfo       = "outage_build_info"
	PolicyInfo      = "outage_policy_info"
	ScopeInfo       = "outage_scope_info"
	ScopeMemberInfo = "outage_scope_member_info"
	ClassInfo       = "outage_class_info"
	RepeatRuleInfo  = "outage_repeat_rule_info"
)

// The names of the labels.
const (
	LabelArea        = "area"        // the id of an area of the policy, "-" where a row names none that it knows
	LabelScope       = "scope"       // the id of an area, a group or the whole
	LabelLevel       = "level"       // area, group or whole
	LabelClass       = "class"       // the id of a class; beside scope also of a group of classes, and "all"
	LabelNature      = "nature"      // 停电性质, such as fault_internal
	LabelWindow      = "window"      // ytd, prior_ytd, year or prior_year
	LabelIndex       = "index"       // an index set, such as saidi-1
	LabelPolicy      = "policy"      // the id of the policy
	LabelRule        = "rule"        // of a target: cap or reduction; of repeat outages: the id of a rule
	LabelStrength    = "strength"    // duty, aspiration or informative
	LabelYear        = "year"        // that is judged
	LabelBurnWindow  = "burn_window" // 24h, 7d or 30d
	LabelVerdict     = "verdict"     // met, missed, on-track, at-risk, off-track or cannot-tell
	LabelMonth       = "month"       // 2022-06
	LabelProbability = "probability" // of a quantile: 0.05, 0.25, 0.5, 0.75 or 0.95
	LabelPart        = "part"        // of a budget: pre-arranged, or fault with what is unknown
	LabelCause       = "cause"
	LabelFeeder      = "feeder"
	LabelSource      = "source"
	LabelOutcome     = "outcome" // accepted, rejected, duplicate, superseded, cancelled, skipped or excluded
	LabelReason      = "reason"
	LabelWriter      = "writer" // the name of the token or user that pushed, "-" of those who may not
	LabelStatus      = "status" // of an answer: 2xx, 4xx or 5xx
	LabelStep        = "step"   // of making a snapshot: read, count or build; of shared work: work or compose
	LabelShard       = "shard"  // its number, from 1
	LabelNameZh      = "name_zh"
	LabelNameEn      = "name_en"
	LabelSHA256      = "sha256"
)
