-- What is sent of the accounts, with their banks, their spans, and their balances at the last rate.
WITH spans AS (
    SELECT account_id, sum(rows)::BIGINT AS rows, min(date) AS first_date, max(date) AS last_date FROM days GROUP BY account_id
),
last_rates AS (SELECT currency, arg_max(times, since) AS times, arg_max(per, since) AS per FROM rates GROUP BY currency)
SELECT a.id AS account_id, a.name AS account, a.type AS account_type, coalesce(a.subtype, '') AS subtype,
    coalesce(i.institution, '') AS institution, a.currency, a.current AS balance,
    CASE
        WHEN a.currency = (SELECT home FROM lineage) THEN a.current
        ELSE converted(CAST(a.current * 10000 AS DECIMAL(18, 0)), r.times, r.per)
    END AS home_balance,
    a.available, a.credit_limit, a.balance_at, a.hidden AS account_hidden,
    coalesce(s.rows, 0)::BIGINT AS transactions, s.first_date, s.last_date
FROM accounts AS a
LEFT JOIN items AS i ON i.id = a.item_id
LEFT JOIN spans AS s ON s.account_id = a.id
LEFT JOIN last_rates AS r ON r.currency = a.currency
ORDER BY institution, account, account_id;
