-- Step: add the living rows of `incoming` (as read from the store), oldest first.
-- Kind: paying a loan down is a transfer on the loan's side (the paying side is what counts); else the category
-- decides; without one a loan or brokerage account only moves money, and on all others the sign decides.
INSERT INTO transactions
SELECT
    t.id, CAST(t.date AS DATE), CAST(CAST(t.amount AS DECIMAL(18, 0)) * 0.0001::DECIMAL(5, 4) AS DECIMAL(18, 4)),
    t.currency, t.account_id, t.category_id,
    CASE
        WHEN a.type IN ('mortgage', 'loan') AND t.amount > 0 THEN 'transfer'
        WHEN c.kind IS NOT NULL THEN c.kind::VARCHAR
        WHEN a.type IN ('brokerage', 'retirement', 'mortgage', 'loan') THEN 'transfer'
        WHEN t.amount > 0 THEN 'income'
        ELSE 'spending'
    END::money_kind,
    t.pending, t.name, t.note,
    folded(concat_ws(' ', t.name, t.bank_words, t.note))
FROM incoming AS t
LEFT JOIN categories AS c ON c.id = t.category_id
LEFT JOIN accounts AS a ON a.id = t.account_id
WHERE NOT t.removed
ORDER BY t.date, t.id;
