-- Question: in the rows of which wordings may a text be found, and of which database are they?
-- Parameters: wordings, words (as `meant_wordings` answers)
-- Columns: wordings, words, name
SELECT $wordings::VARCHAR, $words::VARCHAR, name
FROM lineage;
