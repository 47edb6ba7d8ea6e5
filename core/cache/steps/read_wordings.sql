-- Step: make `arriving` of the living rows of `incoming` (as read from the store): with what is searched, its wording, and
-- room for the rate of its day.
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT *, worded(search) AS words, NULL::BIGINT AS times, NULL::BIGINT AS per
FROM (SELECT *, folded(concat_ws(' ', name, bank_words, note, tags)) AS search FROM incoming WHERE NOT removed);
