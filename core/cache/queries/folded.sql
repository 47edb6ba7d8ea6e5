-- Question: how is a text searched?
-- Parameters: text
-- Columns: folded
SELECT folded($text);
