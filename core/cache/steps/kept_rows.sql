-- Step: the rows of `arriving` as they are kept in `transactions`, oldest first.
-- Category: one that was merged into another counts as that one.
-- Kind: both sides of a transfer only move money, and a refund lessens what was spent. Paying a loan down is a transfer
-- on the loan's side (the paying side is what counts); else the category decides; without one a loan or brokerage
-- account only moves money, and on all others the sign decides.
-- Home: the amount in the currency of totals ($home), at the rate of its day.
SELECT
    t.id, t.part, CAST(t.date AS DATE),
    money(t.amount),
    t.currency, t.account_id, coalesce(c.merged_into, t.category_id),
    CASE
        WHEN t.paired = 'transfer' THEN 'transfer'
        WHEN t.paired = 'refund' THEN 'spending'
        WHEN a.type IN ('mortgage', 'loan') AND t.amount > 0 THEN 'transfer'
        WHEN c.kind IS NOT NULL THEN coalesce(m.kind, c.kind)::VARCHAR
        WHEN a.type IN ('brokerage', 'retirement', 'mortgage', 'loan') THEN 'transfer'
        WHEN t.amount > 0 THEN 'income'
        ELSE 'spending'
    END::money_kind,
    t.pending, t.name, t.note,
    CASE WHEN t.tags = '' THEN [] ELSE list_sort(list_distinct(string_split(t.tags, chr(10)))) END, t.hidden, t.paired,
    t.search, CASE WHEN t.currency = $home THEN money(t.amount) ELSE converted(t.amount, t.times, t.per) END, w.id
FROM arriving AS t
JOIN wordings AS w ON w.words = t.words
LEFT JOIN categories AS c ON c.id = t.category_id
LEFT JOIN categories AS m ON m.id = c.merged_into
LEFT JOIN accounts AS a ON a.id = t.account_id
ORDER BY t.date, t.id, t.part;
