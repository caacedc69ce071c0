-- The strata get numbers, as these group faster than names.
WITH units AS MATERIALIZED (
  SELECT unit_id, customers, area, class, dense_rank() OVER (ORDER BY area, class)::UTINYINT AS stratum
  FROM customers
),
strata AS (
  SELECT DISTINCT stratum, area, class FROM units
),
-- By the years of first and last second, so that few rows are left to cut.
sums AS (
  SELECT
    stratum,
    year(start) AS first,
    year("end" - INTERVAL 1 SECOND) AS last,
    count(*) AS times,
    sum(customers) AS out,
    sum(customers * epoch_us(start) // 1000000) AS froms,
    sum(customers * epoch_us("end") // 1000000) AS tos
  FROM outages JOIN units USING (unit_id)
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
  coalesce(sum(out) FILTER (first = y), 0)::BIGINT AS interruptions,
  (SELECT sum(times)::BIGINT FROM sums) AS accepted,
  0::BIGINT AS duplicates
FROM sums JOIN strata USING (stratum) JOIN years ON y BETWEEN first AND last
GROUP BY ALL
ORDER BY ALL
