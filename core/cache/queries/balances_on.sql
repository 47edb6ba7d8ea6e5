-- Question: what was on some accounts at the end of some days?
-- Parameters: accounts (ids), days (a list of dates)
-- Columns: account_id, day, balance (owed is negative), known_since (the first day that anything is known of)
-- Rule: as for net worth: the last known balance on or before a day, moved by the posted rows since; before the first
--   known one, that one moved back. An account without any known balance is left out.
WITH kept AS (SELECT id, "current", balance_at FROM accounts WHERE id IN (SELECT unnest($accounts::INTEGER[]))),
known AS (
    SELECT account_id, day, "current" FROM balances WHERE account_id IN (SELECT id FROM kept)
    UNION ALL
    SELECT k.id, k.balance_at::DATE, k."current"
    FROM kept AS k
    WHERE k."current" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM balances AS b WHERE b.account_id = k.id)
),
firsts AS (SELECT account_id, min(day) AS day, arg_min("current", day) AS "current" FROM known GROUP BY account_id),
begins AS (
    SELECT f.account_id, least(f.day, min(d.date)) AS day
    FROM firsts AS f
    LEFT JOIN days AS d ON d.account_id = f.account_id
    GROUP BY f.account_id, f.day
),
asked AS (SELECT unnest($days::DATE[]) AS day),
anchored AS (
    SELECT f.account_id, a.day, coalesce(b.day, f.day) AS balance_day, coalesce(b."current", f."current") AS "current"
    FROM asked AS a
    CROSS JOIN firsts AS f
    ASOF LEFT JOIN known AS b ON b.account_id = f.account_id AND b.day <= a.day
)
SELECT a.account_id, a.day,
    (a."current" + CASE WHEN a.day > a.balance_day THEN 1 ELSE -1 END * coalesce(sum(d.posted), 0))::DECIMAL(38, 4),
    g.day
FROM anchored AS a
JOIN begins AS g ON g.account_id = a.account_id
LEFT JOIN days AS d ON d.account_id = a.account_id
    AND d.date > least(a.day, a.balance_day) AND d.date <= greatest(a.day, a.balance_day)
GROUP BY a.account_id, a.day, a.balance_day, a."current", g.day
ORDER BY a.account_id, a.day;
