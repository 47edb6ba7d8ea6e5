-- Step: give the rows of `arriving` in other currencies than that of totals ($home) the last rate on or before their day.
UPDATE arriving SET times = rated.times, per = rated.per
FROM (
    SELECT a.currency, a.date, r.times, r.per
    FROM (SELECT DISTINCT currency, date FROM arriving WHERE currency <> $home) AS a
    ASOF JOIN rates AS r ON r.currency = a.currency AND r.since <= CAST(a.date AS DATE)
) AS rated
WHERE arriving.currency = rated.currency AND arriving.date = rated.date;
