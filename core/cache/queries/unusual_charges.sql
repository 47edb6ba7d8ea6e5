-- Question: which charges of some days are far above what their payee usually costs?
-- Parameters: since, until, fewest (charges of a payee that tell what is usual), scatters, times (so many times the
--   median distance from the usual, and the usual itself, a charge has to be)
-- Columns: id, charge, usual (both positive, in the charge's currency), count (of the payee's other charges)
-- Rule: a split one counts as the whole that was paid. Of an even number the lower one of the two in the middle counts.
WITH charges AS (
    SELECT t.id, any_value(t.date) AS date, lower(any_value(t.name)) AS payee, any_value(t.currency) AS currency,
        -sum(t.amount)::DECIMAL(18, 4) AS charge
    FROM transactions AS t
    WHERE t.kind = 'spending' AND t.paired = '' AND t.name <> ''
        AND t.account_id IN (SELECT id FROM accounts WHERE NOT hidden)
    GROUP BY t.id
    HAVING sum(t.amount) < 0
),
asked AS (SELECT DISTINCT payee, currency FROM charges WHERE date BETWEEN $since AND $until),
middle AS (
    SELECT payee, currency, quantile_disc(charge, 0.5) AS usual, count(*) AS count
    FROM charges SEMI JOIN asked USING (payee, currency)
    GROUP BY ALL
    HAVING count(*) > $fewest
),
spread AS (
    SELECT c.payee, c.currency, quantile_disc(abs(c.charge - m.usual), 0.5) AS scatter
    FROM charges AS c JOIN middle AS m USING (payee, currency)
    GROUP BY ALL
)
SELECT c.id, c.charge, m.usual, m.count - 1
FROM charges AS c
JOIN middle AS m USING (payee, currency)
JOIN spread AS s USING (payee, currency)
WHERE c.date BETWEEN $since AND $until
    AND c.charge > m.usual * $times
    AND c.charge - m.usual > s.scatter * $scatters
ORDER BY c.id;
