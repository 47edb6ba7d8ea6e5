-- Question: how does each currency that occurs here go into that of totals on some days?
-- Parameters: days (a list of dates)
-- Columns: day, currency, rate_day (the day of the rate), times, per; an amount times `times` by `per`
SELECT a.day, a.currency, r.day, r.times, r.per
FROM (SELECT unnest($days::DATE[]) AS day, c.currency FROM (SELECT DISTINCT currency FROM rates) AS c) AS a
ASOF JOIN rates AS r ON r.currency = a.currency AND r.since <= a.day
ORDER BY a.day, a.currency;
