-- Question: which transactions are filtered, each once, however many of its parts are?
-- Parameters: see filtered_page
-- Columns: id; newest first
SELECT t.id
FROM filtered(
    $accounts, $categories, $since, $until, $least, $most, $pending, $kinds, $wordings, $words, $tags, $hidden, $split,
    $merchant, $currency, $weekday, $tagged
) AS t
GROUP BY t.id
ORDER BY max(t.date) DESC, t.id DESC;
