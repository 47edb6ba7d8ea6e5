-- Step: add the wordings of `arriving` that are not known yet.
INSERT INTO wordings
SELECT (SELECT count(*) FROM wordings) + row_number() OVER (ORDER BY words) - 1, words
FROM (SELECT DISTINCT words FROM arriving ANTI JOIN wordings USING (words));
