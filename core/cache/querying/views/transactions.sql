-- The transactions as they are offered: with the names of their accounts and categories.
CREATE VIEW transactions AS
SELECT t.id, t.part, t.date, date_trunc('month', t.date)::DATE AS month, t.name, t.note, t.amount, t.currency,
    t.home AS home_amount, t.kind::VARCHAR AS kind, t.category_id, coalesce(c.category, 'Uncategorised') AS category,
    coalesce(c.category_group, 'Uncategorised') AS category_group, t.account_id, a.account, a.account_type,
    a.account_hidden, a.institution, t.pending, t.hidden AS left_out, t.tags, t.paired
FROM kept.transactions AS t
JOIN accounts AS a ON a.account_id = t.account_id
LEFT JOIN categories AS c ON c.category_id = t.category_id;
