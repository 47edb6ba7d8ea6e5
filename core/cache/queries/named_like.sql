-- Question: which of these names have a text in them, in any case and with or without accents?
-- Parameters: names, text
-- Columns: name
SELECT name
FROM (SELECT unnest($names::VARCHAR[]) AS name)
WHERE contains(folded(name), folded($text));
