-- Question: which of the filtered transactions lie between two days, from an offset within them?
-- Parameters: accounts, categories (lists of ids, 0 for no category), wordings, words (as `meant_wordings` answers), since,
--   until, least, most, pending, kinds, tags, hidden, split, merchant, currency, weekday, tagged (`filtered` stands for the
--   lines that these mean, see filtering.py; each NULL when not filtered); first, last (the days of the page, the later one
--   first), skip, count
-- Columns: id, date, name, note, amount, currency, account_id, category_id, kind, pending, part, tags, hidden, paired
SELECT t.id, t.date, t.name, t.note, t.amount, t.currency, t.account_id, t.category_id, t.kind, t.pending, t.part, t.tags,
    t.hidden, t.paired
FROM filtered AS t
WHERE t.date BETWEEN $last AND $first
ORDER BY t.date DESC, t.id DESC, t.part
LIMIT $count OFFSET $skip;
