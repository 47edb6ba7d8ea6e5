-- Question: which of the filtered transactions lie between two days, from an offset within them?
-- Parameters: accounts, categories (lists of ids or NULL; a primary category stands for its group, 0 for none),
--   since, until, least, most (of the absolute amount), pending, kind, text (in any case, with or without accents);
--   tags (any of a list), hidden, split (parts of split ones); each NULL when not filtered; first, last (the days of the page, the later one first), skip, count
-- Columns: id, date, name, note, amount, currency, account_id, account, category_id, category, icon, kind, pending,
--   part, tags, hidden, paired
SELECT t.id, t.date, t.name, t.note, t.amount, t.currency, t.account_id, a.name, t.category_id,
    coalesce(c.title, 'Uncategorised'), coalesce(c.icon, 'help'), t.kind, t.pending,
    t.part, t.tags, t.hidden, t.paired
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.date BETWEEN $last AND $first
    AND ($accounts IS NULL OR t.account_id IN (SELECT unnest($accounts::INTEGER[])))
    AND ($categories IS NULL OR coalesce(t.category_id, 0) IN (
        SELECT unnest($categories::INTEGER[])
        UNION ALL
        SELECT k.id FROM categories AS k JOIN categories AS g ON g.code = k.group_code AND g.id < 1000
        WHERE g.id IN (SELECT unnest($categories::INTEGER[])) AND g.code = g.group_code
    ))
    AND ($since IS NULL OR t.date >= $since)
    AND ($until IS NULL OR t.date <= $until)
    AND ($least IS NULL OR abs(t.amount) >= $least)
    AND ($most IS NULL OR abs(t.amount) <= $most)
    AND ($pending IS NULL OR t.pending = $pending)
    AND ($kind IS NULL OR t.kind = $kind)
    AND ($text IS NULL OR contains(t.search, folded($text)))
    AND ($tags IS NULL OR list_has_any(t.tags, $tags::VARCHAR[]))
    AND ($hidden IS NULL OR t.hidden = $hidden)
    AND ($split IS NULL OR (t.part > 0) = $split)
ORDER BY t.date DESC, t.id DESC, t.part
LIMIT $count OFFSET $skip;
