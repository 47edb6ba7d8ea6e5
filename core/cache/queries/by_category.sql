-- Question: what came in and was spent by category in two periods on some accounts, in the currency of totals?
-- Parameters: accounts (ids), since, until (this period), before_since, before_until (the one to compare with)
-- Columns: kind, category_id, total, before (negative is money out), rows, rows_before
SELECT kind::VARCHAR AS kind, category_id,
    coalesce(sum(home) FILTER (date BETWEEN $since AND $until), 0)::DECIMAL(38, 4) AS total,
    coalesce(sum(home) FILTER (date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4) AS before,
    count(*) FILTER (date BETWEEN $since AND $until) AS rows,
    count(*) FILTER (date BETWEEN $before_since AND $before_until) AS rows_before
FROM transactions
WHERE kind <> 'transfer' AND home IS NOT NULL
    AND (date BETWEEN $since AND $until OR date BETWEEN $before_since AND $before_until)
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY kind, category_id;
