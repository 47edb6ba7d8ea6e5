-- Question: which of the filtered transactions are the largest, the smallest (in the currency of totals) or the oldest?
-- Parameters: see filtered_page; wanted_first (largest, smallest or oldest), count
-- Columns: id, date, name, note, amount, currency, account_id, category_id, kind, pending, part, tags, hidden,
--   paired; of two of a size the newer one first
-- Rule: size is without sign; what has no rate is measured in its own currency.
SELECT t.id, t.date, t.name, t.note, t.amount, t.currency, t.account_id, t.category_id, t.kind, t.pending, t.part, t.tags,
    t.hidden, t.paired
FROM filtered AS t
ORDER BY
    CASE $wanted_first WHEN 'largest' THEN -abs(coalesce(t.home, t.amount)) WHEN 'smallest' THEN abs(coalesce(t.home, t.amount)) END,
    CASE $wanted_first WHEN 'oldest' THEN t.date END, CASE $wanted_first WHEN 'oldest' THEN t.id END,
    t.date DESC, t.id DESC, t.part
LIMIT $count;
