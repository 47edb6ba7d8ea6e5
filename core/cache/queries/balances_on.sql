-- Question: what was on some accounts at the end of some days?
-- Parameters: accounts (ids), days (a list of dates)
-- Columns: account_id, day, balance (owed is negative), known_since (the first day that anything is known of), told_since (the
--   first day of which a balance was told)
-- Rule: as for net worth: the last told balance on or before a day, moved by the posted rows since; before the first told one,
--   that one moved back by the rows between. An account without any told balance is left out.
WITH kept AS (SELECT id, "current", balance_at FROM accounts WHERE list_contains($accounts::INTEGER[], id)),
told AS (
    SELECT account_id, day, "current" FROM balances WHERE account_id IN (SELECT id FROM kept)
    UNION ALL
    SELECT k.id, k.balance_at::DATE, k."current"
    FROM kept AS k
    WHERE k."current" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM balances AS b WHERE b.account_id = k.id)
),
-- All in one row of days: joining each day asked for with the last balance before it would take five times as long.
lined_up AS (
    SELECT account_id, day, sum(posted) AS posted, any_value("current") AS "current", bool_or(asked) AS asked,
        bool_or(NOT asked) AS known
    FROM (
        SELECT account_id, date AS day, posted, NULL::DECIMAL(18, 4) AS "current", FALSE AS asked
        FROM days
        WHERE account_id IN (SELECT id FROM kept)
        UNION ALL
        SELECT account_id, day, 0, "current", FALSE FROM told
        UNION ALL
        SELECT id, unnest($days::DATE[]), 0, NULL, TRUE FROM kept
    )
    GROUP BY account_id, day
),
moved AS (
    SELECT account_id, day, asked, known, "current", sum(posted) OVER (PARTITION BY account_id ORDER BY day) AS posted
    FROM lined_up
),
-- What a told balance was before all rows up to then: the same until the next one is told.
based AS MATERIALIZED (
    SELECT account_id, day, asked, known, posted,
        last_value("current" - posted IGNORE NULLS) OVER (PARTITION BY account_id ORDER BY day) AS base,
        "current" - posted AS told
    FROM moved
),
firsts AS (
    SELECT account_id, min(day) FILTER (known) AS known_since, min(day) FILTER (told IS NOT NULL) AS told_since,
        arg_min(told, day) AS base
    FROM based
    GROUP BY account_id
    HAVING told_since IS NOT NULL
)
SELECT b.account_id, b.day, (coalesce(b.base, f.base) + b.posted)::DECIMAL(38, 4), f.known_since, f.told_since
FROM based AS b
JOIN firsts AS f ON f.account_id = b.account_id
WHERE b.asked
ORDER BY b.account_id, b.day;
