-- Units get numbers, as these sort faster than names.
WITH units AS MATERIALIZED (
  SELECT
    unit_id, customers,
    row_number() OVER ()::INTEGER AS unit,
    area, class
  FROM customers
),
-- held is the latest end of what the unit had before: what lies beyond it is
-- new, so the outages are united. A row equal to another adds nothing there;
-- it can only be one that starts when the one before starts, a suspect.
spans AS MATERIALIZED (
  SELECT
    unit, start, "end",
    max("end") OVER earlier AS held,
    lag(start) OVER earlier = start AS suspect
  FROM outages JOIN units USING (unit_id)
  WINDOW earlier AS (PARTITION BY unit ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
suspects AS (
  SELECT DISTINCT unit_id, start FROM spans JOIN units USING (unit) WHERE suspect
),
copies AS (
  SELECT coalesce(sum(times - 1), 0)::BIGINT AS duplicates
  FROM (
    SELECT count(*) AS times
    FROM outages SEMI JOIN suspects USING (unit_id, start)
    GROUP BY event_id, feeder_id, unit_id, start, "end", nature, cause
  )
),
-- By the years of first and last second, so that few rows are left to cut.
sums AS (
  SELECT
    area, class,
    year(greatest(start, held)) AS first,
    year("end" - INTERVAL 1 SECOND) AS last,
    sum(customers) AS out,
    sum(customers * epoch_us(greatest(start, held)) // 1000000) AS froms,
    sum(customers * epoch_us("end") // 1000000) AS tos,
    sum(customers) FILTER (held IS NULL OR start > held) AS begun
  FROM spans JOIN units USING (unit)
  WHERE held IS NULL OR "end" > held
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
  sum(if(last = y, tos, out * ends) - if(first = y, froms, out * begins))::BIGINT AS seconds,
  coalesce(sum(begun) FILTER (first = y), 0)::BIGINT AS interruptions,
  (SELECT count(*) FROM spans) - any_value(duplicates) AS accepted,
  any_value(duplicates) AS duplicates
FROM sums JOIN years ON y BETWEEN first AND last, copies
GROUP BY ALL
ORDER BY ALL
