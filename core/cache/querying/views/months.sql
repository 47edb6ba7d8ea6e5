-- The sums by month as they are offered: with the names of their accounts and categories.
CREATE VIEW months AS
SELECT m.month, m.category_id, coalesce(c.category, 'Uncategorised') AS category,
    coalesce(c.category_group, 'Uncategorised') AS category_group, m.kind::VARCHAR AS kind, m.account_id, a.account,
    a.account_type, a.account_hidden, m.hidden AS left_out, m.currency, m.rows AS transactions, m.total AS amount,
    m.home AS home_amount
FROM kept.months AS m
JOIN accounts AS a ON a.account_id = m.account_id
LEFT JOIN categories AS c ON c.category_id = m.category_id;
