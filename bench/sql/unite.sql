-- Units get numbers, as these sort faster than names.
WITH units AS MATERIALIZED (
  SELECT
    unit_id, customers,
    row_number() OVER ()::INTEGER AS unit,
    area, class
  FROM customers
),
-- Duplicates: rows equal in every column are one.
told AS (
  SELECT unit, start, "end", count(*) AS times
  FROM outages JOIN units USING (unit_id)
  GROUP BY event_id, feeder_id, unit, start, "end", nature, cause
),
-- Gaps and islands: held is the latest end of what the unit had before; what
-- lies beyond it is new.
spans AS (
  SELECT
    unit, start, "end", times,
    max("end") OVER (PARTITION BY unit ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS held
  FROM told
),
-- By the years of first and last second, so that few rows are left to cut.
sums AS MATERIALIZED (
  SELECT
    area, class,
    year(greatest(start, held)) AS first,
    year("end" - INTERVAL 1 SECOND) AS last,
    sum(customers) FILTER (held IS NULL OR "end" > held) AS out,
    sum(customers * epoch_us(greatest(start, held)) // 1000000) FILTER (held IS NULL OR "end" > held) AS froms,
    sum(customers * epoch_us("end") // 1000000) FILTER (held IS NULL OR "end" > held) AS tos,
    sum(customers) FILTER (held IS NULL OR start > held) AS begun,
    count(*) AS accepted,
    sum(times - 1)::BIGINT AS duplicates
  FROM spans JOIN units USING (unit)
  GROUP BY ALL
),
years AS (
  SELECT
    y,
    epoch_us(make_timestamp(y, 1, 1, 0, 0, 0)) // 1000000 AS begins,
    epoch_us(make_timestamp(y + 1, 1, 1, 0, 0, 0)) // 1000000 AS ends
  FROM range(2018, 2023) t(y)
)
SELECT
  area, class, y AS year,
  coalesce(sum(if(last = y, tos, out * ends) - if(first = y, froms, out * begins)), 0)::BIGINT AS seconds,
  coalesce(sum(begun) FILTER (first = y), 0)::BIGINT AS interruptions,
  (SELECT sum(accepted) FROM sums)::BIGINT AS accepted,
  (SELECT sum(duplicates) FROM sums)::BIGINT AS duplicates
FROM sums JOIN years ON y BETWEEN first AND last
GROUP BY ALL
ORDER BY ALL
