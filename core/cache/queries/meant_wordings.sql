-- Question: in the rows of which wordings may a text be found?
-- Parameters: text
-- Columns: wordings (a 1 for the id of each in which the text may be found, else 0), words (that are to be found in the rows
--   of these besides; NULL where all of them have the text)
SELECT
    coalesce(
        (SELECT string_agg(CASE WHEN contains(words, worded(folded($text))) THEN '1' ELSE '0' END, '' ORDER BY id)
         FROM wordings), '0'),
    CASE WHEN regexp_matches($text, '[0-9]') THEN folded($text) END;
