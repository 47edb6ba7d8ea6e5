-- Step: make `arriving` of the living rows of `incoming` (as read from the store): with what is searched, and its wording.
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT *, worded(search) AS words
FROM (SELECT *, folded(concat_ws(' ', name, bank_words, note, tags)) AS search FROM incoming WHERE NOT removed);
