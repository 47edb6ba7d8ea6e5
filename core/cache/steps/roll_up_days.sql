-- Step: make the day rows that are missing, from the transactions of the days in `touched`.
INSERT INTO days
SELECT
    date, account_id, currency, kind, home IS NOT NULL, count(*),
    coalesce(sum(amount) FILTER (amount > 0), 0), coalesce(sum(amount) FILTER (amount < 0), 0),
    coalesce(sum(amount) FILTER (NOT pending), 0),
    coalesce(sum(home) FILTER (amount > 0), 0), coalesce(sum(home) FILTER (amount < 0), 0)
FROM transactions
WHERE date BETWEEN $since AND $until AND date IN (SELECT day FROM touched_days)
GROUP BY ALL
ORDER BY ALL;
