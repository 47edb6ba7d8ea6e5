-- Question: since when does money go to each merchant?
-- Parameters: accounts (ids)
-- Columns: name (as lists show it), first_date
SELECT name, min(date)
FROM transactions
WHERE kind = 'spending' AND home IS NOT NULL AND list_contains($accounts::INTEGER[], account_id)
GROUP BY name;
