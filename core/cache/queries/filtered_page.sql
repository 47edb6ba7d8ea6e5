-- Question: which of the filtered transactions lie between two days, from an offset within them?
-- Parameters: accounts, categories (as `meant` answers), wordings, words (as `meant_wordings` answers), since, until, least,
--   most, pending, kinds, tags, hidden, split, merchant, currency, weekday, tagged (see `filtered` in schema.sql; each NULL
--   when not filtered); first, last (the days of the page, the later one first), skip, count
-- Columns: id, date, name, note, amount, currency, account_id, account, category_id, category, icon, kind, pending,
--   part, tags, hidden, paired
SELECT t.id, t.date, t.name, t.note, t.amount, t.currency, t.account_id, a.name, t.category_id,
    coalesce(c.title, 'Uncategorised'), coalesce(c.icon, 'help'), t.kind, t.pending,
    t.part, t.tags, t.hidden, t.paired
FROM filtered(
    $accounts, $categories, $since, $until, $least, $most, $pending, $kinds, $wordings, $words, $tags, $hidden, $split,
    $merchant, $currency, $weekday, $tagged
) AS t
JOIN accounts AS a ON a.id = t.account_id
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.date BETWEEN $last AND $first
ORDER BY t.date DESC, t.id DESC, t.part
LIMIT $count OFFSET $skip;
