-- Question: how much is there, and what is left to do?
-- Columns: rows, first_date, last_date, uncategorised (transfers need no category)
SELECT coalesce(sum(rows), 0)::BIGINT, min(date), max(date),
    (
        SELECT coalesce(sum(rows), 0)::BIGINT FROM months
        WHERE category_id IS NULL AND kind <> 'transfer'
            AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
    )
FROM days
WHERE account_id IN (SELECT id FROM accounts WHERE NOT hidden);
