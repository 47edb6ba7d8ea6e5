-- Question: what was owned and owed at the end of some days, by currency?
-- Parameters: days (a list of dates)
-- Columns: day, currency, assets, liabilities (liabilities are negative)
-- Rule: an account stood on a day where its last known balance on or before it says, moved by the posted rows since; before
-- the first known balance, that one moved back by the rows between. An account without any known balance is left out.
WITH asked AS (SELECT unnest($days::DATE[]) AS day),
kept AS (SELECT id, type, currency FROM accounts WHERE NOT hidden),
-- The balance that the bank told last counts as known today, whatever day it was told for.
known AS (
    SELECT account_id, day, current FROM balances WHERE account_id IN (SELECT id FROM kept)
    UNION ALL
    SELECT a.id, a.balance_at::DATE, a.current
    FROM accounts AS a
    WHERE a.current IS NOT NULL AND a.id IN (SELECT id FROM kept)
        AND NOT EXISTS (SELECT 1 FROM balances AS b WHERE b.account_id = a.id)
),
firsts AS (SELECT account_id, min(day) AS day, arg_min(current, day) AS current FROM known GROUP BY account_id),
places AS (
    SELECT k.id AS account_id, a.day, b.day AS balance_day, b.current
    FROM asked AS a
    CROSS JOIN kept AS k
    ASOF LEFT JOIN known AS b ON b.account_id = k.id AND b.day <= a.day
),
anchored AS MATERIALIZED (
    SELECT p.account_id, p.day, coalesce(p.balance_day, f.day) AS balance_day, coalesce(p.current, f.current) AS current
    FROM places AS p
    JOIN firsts AS f ON f.account_id = p.account_id
),
-- Only the days between a balance and the day asked for are read: none where there is a balance of that very day.
gaps AS MATERIALIZED (
    SELECT DISTINCT account_id, least(day, balance_day) AS after, greatest(day, balance_day) AS until
    FROM anchored
    WHERE day <> balance_day
),
moved AS (
    SELECT g.account_id, g.after, g.until, sum(d.posted) AS posted
    FROM gaps AS g
    JOIN days AS d ON d.account_id = g.account_id AND d.date > g.after AND d.date <= g.until
    WHERE d.date > (SELECT min(after) FROM gaps)
    GROUP BY g.account_id, g.after, g.until
),
stood AS (
    SELECT a.account_id, a.day,
        a.current + CASE WHEN a.day > a.balance_day THEN 1 ELSE -1 END * coalesce(m.posted, 0) AS balance
    FROM anchored AS a
    LEFT JOIN moved AS m ON m.account_id = a.account_id
        AND m.after = least(a.day, a.balance_day) AND m.until = greatest(a.day, a.balance_day)
)
SELECT s.day, k.currency,
    coalesce(sum(s.balance) FILTER (k.type NOT IN ('credit card', 'mortgage', 'loan')), 0)::DECIMAL(38, 4),
    coalesce(sum(s.balance) FILTER (k.type IN ('credit card', 'mortgage', 'loan')), 0)::DECIMAL(38, 4)
FROM stood AS s
JOIN kept AS k ON k.id = s.account_id
GROUP BY s.day, k.currency
ORDER BY s.day, k.currency;
