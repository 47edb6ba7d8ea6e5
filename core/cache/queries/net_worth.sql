-- Question: what was owned and owed at the end of some days, by currency?
-- Parameters: days (a list of dates)
-- Columns: day, currency, assets, liabilities (liabilities are negative)
-- An account stood on a day where its last known balance on or before it says, moved by the posted rows since; before
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
moved AS (
    SELECT account_id, date, sum(sum(posted)) OVER (PARTITION BY account_id ORDER BY date) AS running
    FROM days
    GROUP BY account_id, date
),
places AS (
    SELECT k.id AS account_id, a.day, b.day AS balance_day, b.current
    FROM asked AS a
    CROSS JOIN kept AS k
    ASOF LEFT JOIN known AS b ON b.account_id = k.id AND b.day <= a.day
),
anchored AS (
    SELECT account_id, day, balance_day, current FROM places WHERE current IS NOT NULL
    UNION ALL
    SELECT p.account_id, p.day, f.day, f.current
    FROM (SELECT account_id, day FROM places WHERE current IS NULL) AS p
    JOIN (SELECT account_id, min(day) AS day, arg_min(current, day) AS current FROM known GROUP BY account_id) AS f
        USING (account_id)
),
with_day AS (
    SELECT p.*, coalesce(m.running, 0) AS at_day
    FROM anchored AS p
    ASOF LEFT JOIN moved AS m ON m.account_id = p.account_id AND m.date <= p.day
),
with_both AS (
    SELECT w.*, coalesce(m.running, 0) AS at_balance
    FROM with_day AS w
    ASOF LEFT JOIN moved AS m ON m.account_id = w.account_id AND m.date <= w.balance_day
)
SELECT w.day, k.currency,
    coalesce(sum(w.current + w.at_day - w.at_balance)
        FILTER (k.type NOT IN ('credit card', 'mortgage', 'loan')), 0)::DECIMAL(38, 4),
    coalesce(sum(w.current + w.at_day - w.at_balance)
        FILTER (k.type IN ('credit card', 'mortgage', 'loan')), 0)::DECIMAL(38, 4)
FROM with_both AS w
JOIN kept AS k ON k.id = w.account_id
GROUP BY w.day, k.currency
ORDER BY w.day, k.currency;
