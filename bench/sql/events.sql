-- Incidents by number: where, when, how long, how many units, restored in how
-- many stages. In clean data every incident of a feeder has four days of its
-- own and is over before they are.
CREATE OR REPLACE TABLE incidents AS
SELECT
  *,
  draw(g, 13, size - k + 1) AS first_unit
FROM (
  SELECT
    g,
    g % getvariable('feeders') AS f,
    feeders.size,
    least(feeders.size, 1 + floor(119 * pow(draw(g, 9, 10000) / 10000, 2)))::BIGINT AS k,
    if(getvariable('clean'),
      ((g // getvariable('feeders')) * 263 + f * 17) % 456 * 345600 + draw(g, 10, 172800),
      draw(g, 10, 1826 * 86400)) AS since,
    duration(hash(g, 11)) AS length,
    1 + draw(g, 12, 4) AS stages
  FROM range(getvariable('rows') // 30 + 100) t(g)
  JOIN feeders ON feeders.f = g % getvariable('feeders')
);

-- One incident in twenty is followed by a second one of the same units before
-- it is over, or just when its first units are restored.
CREATE OR REPLACE TABLE happenings AS
SELECT g, 0 AS part, f, k, first_unit, since, length, stages FROM incidents
UNION ALL
SELECT
  g, 1, f, k, first_unit,
  since + if(draw(g, 16, 3) = 0, first_stage, draw(g, 17, first_stage)),
  duration(hash(g, 18)),
  1 + draw(g, 19, 4)
FROM (SELECT *, 20 + (length - 20) // stages AS first_stage FROM incidents)
WHERE NOT getvariable('clean') AND draw(g, 14, 20) = 0;

-- As many as make the number of rows, in the order in which they start.
CREATE OR REPLACE TABLE events AS
SELECT
  n,
  'TD' || strftime(start, '%Y%m%d') || lpad(n::VARCHAR, 7, '0') AS event_id,
  f, k, first_unit, start, length, stages,
  sum(k) OVER (ORDER BY n)::BIGINT - k AS rows_before,
  natures[1 + draw(n, 20, len(natures))] AS nature,
  causes[1 + draw(n, 21, len(causes))] AS cause
FROM (
  SELECT
    row_number() OVER (ORDER BY since, g, part) AS n,
    f, least(k, getvariable('distinct_rows') - before) AS k, first_unit, length, stages,
    TIMESTAMP '2018-01-01' + to_seconds(since) AS start,
    ['unknown', 'fault_internal', 'fault_internal', 'fault_internal', 'fault_external',
     'planned_maintenance', 'planned_maintenance', 'planned_maintenance', 'planned_construction',
     'planned_customer', 'planned_transfer', 'short_notice_maintenance', 'short_notice_construction',
     'short_notice_customer', 'curtail_generation', 'curtail_network'] AS natures,
    ['雷击', '大风', '覆冰', '外力破坏', '树木', '鸟害', '设备老化', '绝缘击穿', '施工质量', '过负荷',
     '倒塔断线', '用户影响', '配网检修', '线路改造', '电缆敷设', '业扩接电', '市政工程', '变压器更换'] AS causes
  FROM (SELECT *, sum(k) OVER (ORDER BY g, part)::BIGINT - k AS before FROM happenings)
  WHERE before < getvariable('distinct_rows')
);

-- What the file holds in its order: each event's rows together, and single rows
-- that come a second time behind the month or at the end of the file.
CREATE OR REPLACE TABLE deliveries AS
SELECT event_id, feeder_id, code, f, first_unit, k, skipped, taken, start, length, stages, nature, cause
FROM (
  SELECT n, 0::BIGINT AS skipped, k AS taken, start AS position, 1 AS late FROM events
  UNION ALL
  SELECT
    n, j, 1,
    if(draw(rows_before + j, 22, 2) = 0, date_trunc('month', start) + INTERVAL 1 MONTH, TIMESTAMP '9999-01-01'),
    0
  FROM (SELECT n, start, rows_before, unnest(range((137 - rows_before % 100) % 100, k, 100)) AS j FROM events)
  WHERE NOT getvariable('clean')
)
JOIN events USING (n) JOIN feeders USING (f)
ORDER BY position, late, n, skipped;

CREATE OR REPLACE VIEW outages AS
SELECT
  event_id,
  feeder_id,
  unnest(list_transform(range(first_unit + skipped, first_unit + skipped + taken), lambda u:
    unit_name(code, f, u))) AS unit_id,
  start,
  unnest(list_transform(range(skipped, skipped + taken), lambda j:
    start + to_seconds(20 + (length - 20) * (1 + j * stages // k) // stages))) AS "end",
  nature,
  cause
FROM deliveries;
