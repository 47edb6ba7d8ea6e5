-- Question: what was on each of some accounts at the end of some days?
-- Parameters: accounts (ids), days (a list of dates)
-- Columns: account_id, day, balance (owed is negative), known_from (the first day of which a balance was told)
-- Rule: as net_worth: the last told balance on or before a day, moved by the posted rows since; before the first told one,
--   that one moved back by the rows between. An account without any told balance is left out.
WITH kept AS (SELECT id, "current", balance_at FROM accounts WHERE list_contains($accounts::INTEGER[], id)),
known AS (
    SELECT account_id, day, "current" FROM balances WHERE account_id IN (SELECT id FROM kept)
    UNION ALL
    SELECT k.id, k.balance_at::DATE, k."current"
    FROM kept AS k
    WHERE k."current" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM balances AS b WHERE b.account_id = k.id)
),
firsts AS (SELECT account_id, min(day) AS day, arg_min("current", day) AS "current" FROM known GROUP BY account_id),
anchored AS (
    SELECT f.account_id, a.day, f.day AS known_from, coalesce(b.day, f.day) AS told_on,
        coalesce(b."current", f."current") AS "current"
    FROM (SELECT unnest($days::DATE[]) AS day) AS a
    CROSS JOIN firsts AS f
    ASOF LEFT JOIN known AS b ON b.account_id = f.account_id AND b.day <= a.day
),
-- Sums that run on: the rows between any two days are the difference of two of them.
moved AS (
    SELECT account_id, date, sum(sum(posted)) OVER (PARTITION BY account_id ORDER BY date) AS posted
    FROM days
    WHERE account_id IN (SELECT id FROM kept)
    GROUP BY account_id, date
)
SELECT a.account_id, a.day, (a."current" + coalesce(till.posted, 0) - coalesce(told.posted, 0))::DECIMAL(38, 4), a.known_from
FROM anchored AS a
ASOF LEFT JOIN moved AS till ON till.account_id = a.account_id AND till.date <= a.day
ASOF LEFT JOIN moved AS told ON told.account_id = a.account_id AND told.date <= a.told_on
ORDER BY a.account_id, a.day;
