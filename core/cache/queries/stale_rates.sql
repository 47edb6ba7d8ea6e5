-- Question: which months' income and spending rest on rates from long before?
-- Parameters: since, until; longest (how many days before are not long)
-- Columns: month, kind, day (of the oldest such rate)
WITH abroad AS (
    SELECT date, currency, kind
    FROM days
    WHERE rated AND kind <> 'transfer' AND currency <> (SELECT home FROM lineage) AND date BETWEEN $since AND $until
        AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
)
SELECT date_trunc('month', a.date)::DATE, a.kind::VARCHAR, min(r.day)
FROM abroad AS a
ASOF JOIN rates AS r ON r.currency = a.currency AND r.since <= a.date
WHERE a.date - r.day > $longest::INTEGER
GROUP BY 1, 2
ORDER BY 1, 2;
