-- Question: how does every account stand?
-- Columns: id, name, institution, color, provider, mask, type, subtype, currency, current, available, credit_limit,
--   balance_at, hidden, item_id, error, last_synced_at, rows, total, first_date, last_date
WITH sums AS (
    SELECT account_id, sum(rows) AS rows, sum(inflow + outflow)::DECIMAL(38, 4) AS total,
        min(date) AS first_date, max(date) AS last_date
    FROM days
    GROUP BY account_id
)
SELECT a.id, a.name, coalesce(i.institution, ''), coalesce(i.color, ''), coalesce(i.provider, ''), a.mask, a.type,
    a.subtype, a.currency, a.current, a.available, a.credit_limit, a.balance_at, a.hidden, a.item_id,
    coalesce(i.error, ''), i.last_synced_at,
    coalesce(s.rows, 0)::BIGINT, coalesce(s.total, 0)::DECIMAL(38, 4), s.first_date, s.last_date
FROM accounts AS a
LEFT JOIN items AS i ON i.id = a.item_id
LEFT JOIN sums AS s ON s.account_id = a.id
ORDER BY i.institution NULLS LAST, a.name, a.id;
