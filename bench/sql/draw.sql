-- Seconds: most outages last from half an hour to four hours, some from twenty
-- seconds, some up to two days.
CREATE MACRO duration(h) AS (CASE
  WHEN h % 1000 < 780 THEN 1800 + h // 1000 % 12600
  WHEN h % 1000 < 880 THEN 20 + h // 1000 % 1780
  WHEN h % 1000 < 980 THEN 14400 + h // 1000 % 28800
  ELSE 43200 + h // 1000 % 129600
END)::BIGINT;

-- A number from 0 to below n that follows from a key and the salt of its use.
CREATE MACRO draw(key, salt, n) AS (hash(key, salt) % n::UBIGINT)::BIGINT;

-- Unit number u of a feeder, of twelve or thirteen characters.
CREATE MACRO unit_name(code, f, u) AS
  code || lpad((f * 30 + u // 4)::VARCHAR, if(f % 3 = 0, 6, 7), '0') || '-' || (u % 4 + 1);
