-- Question: which months' income and spending on some accounts rest on rates from long before?
-- Parameters: accounts (ids), since, until; longest (how many days before are not long)
-- Columns: month, kind, day (of the oldest such rate)
WITH abroad AS (
    SELECT date, currency, kind
    FROM days
    WHERE rated AND kind <> 'transfer' AND currency <> (SELECT home FROM lineage) AND date BETWEEN $since AND $until
        AND list_contains($accounts::INTEGER[], account_id)
)
SELECT date_trunc('month', a.date)::DATE, a.kind::VARCHAR, min(r.day)
FROM abroad AS a
ASOF JOIN rates AS r ON r.currency = a.currency AND r.since <= a.date
WHERE a.date - r.day > $longest::INTEGER
GROUP BY 1, 2
ORDER BY 1, 2;
