-- Feeders of 120 and 80 units in turn, each in one area and class; one in ten
-- has units of a second class from the seventieth on.
CREATE TABLE feeders AS
SELECT
  f,
  code || '-' || lpad(f::VARCHAR, 5, '0') AS feeder_id,
  if(f % 2 = 0, 120, 80) AS size,
  ['xining', 'haidong', 'haixi', 'huangnan', 'hainan', 'haibei', 'golog', 'yushu'][1 + a] AS area,
  classes[1 + k] AS class,
  if(draw(f, 3, 10) = 0, classes[1 + (k + 1) % 4], classes[1 + k]) AS second_class,
  code
FROM (
  SELECT
    f,
    draw(f, 1, 8) AS a,
    draw(f, 2, 4) AS k,
    ['6301', '6302', '6328', '6323', '6325', '6322', '6326', '6327'][1 + a] AS code,
    ['urban-core', 'urban', 'town', 'rural'] AS classes
  FROM range(getvariable('feeders')) t(f)
);

CREATE VIEW customers AS
SELECT
  feeder_id,
  unnest(list_transform(range(size), lambda u: unit_name(code, f, u))) AS unit_id,
  area,
  unnest(list_transform(range(size), lambda u: if(u < 70, class, second_class))) AS class,
  unnest(list_transform(range(size), lambda u: (1 + draw(f * 120 + u, 4, 60))::INTEGER)) AS customers
FROM feeders
ORDER BY f;
