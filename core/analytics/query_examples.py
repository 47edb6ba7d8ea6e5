"""Queries to begin with: each answers what people ask of their money, and shows a way of asking."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class QueryExample:
    """A question in words, and the query that answers it."""

    title: str
    sql: str


EXAMPLES: Final = (
    QueryExample(
        "Income and spending by month",
        """SELECT month,
    sum(home_amount) FILTER (WHERE kind = 'income') AS income,
    -sum(home_amount) FILTER (WHERE kind = 'spending') AS spending,
    sum(home_amount) FILTER (WHERE kind <> 'transfer') AS left_over
FROM months
WHERE NOT account_hidden
GROUP BY month
ORDER BY month""",
    ),
    QueryExample(
        "What the last 90 days went on",
        """SELECT category_group, -sum(home_amount) AS spent, count(*) AS transactions
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden AND date > today() - 90
GROUP BY category_group
ORDER BY spent DESC""",
    ),
    QueryExample(
        "Where most of it was spent this year",
        """SELECT name, -sum(home_amount) AS spent, count(*) AS visits, -avg(home_amount) AS each_time
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden AND year(date) = year(today())
GROUP BY name
ORDER BY spent DESC
LIMIT 20""",
    ),
    QueryExample(
        "The twenty largest purchases",
        """SELECT id, date, name, category, amount, currency
FROM transactions
WHERE kind = 'spending'
ORDER BY home_amount
LIMIT 20""",
    ),
    QueryExample(
        "Spending by day of the week",
        """SELECT dayname(date) AS day, -sum(home_amount) AS spent, -avg(home_amount) AS each_time, count(*) AS times
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden
GROUP BY day, isodow(date)
ORDER BY isodow(date)""",
    ),
    QueryExample(
        "How much of the income was left, by month",
        """WITH flows AS (
    SELECT month,
        sum(home_amount) FILTER (WHERE kind = 'income') AS income,
        sum(home_amount) FILTER (WHERE kind <> 'transfer') AS left_over
    FROM months
    WHERE NOT account_hidden
    GROUP BY month
)
SELECT month, income, left_over, round(100 * left_over / income, 1) AS percent_left
FROM flows
WHERE income > 0
ORDER BY month""",
    ),
    QueryExample(
        "Groceries, and their average over three months",
        """WITH spent AS (
    SELECT month, -sum(home_amount) AS spent
    FROM months
    WHERE category = 'Groceries' AND kind = 'spending' AND NOT account_hidden
    GROUP BY month
)
SELECT month, spent, avg(spent) OVER (ORDER BY month ROWS 2 PRECEDING) AS over_three_months
FROM spent
ORDER BY month""",
    ),
    QueryExample(
        "Which categories grew most against the year before",
        """SELECT category,
    -sum(home_amount) FILTER (WHERE month > today() - INTERVAL 12 MONTH) AS last_12_months,
    -sum(home_amount) FILTER (WHERE month <= today() - INTERVAL 12 MONTH) AS the_12_before,
    last_12_months - the_12_before AS more
FROM months
WHERE kind = 'spending' AND NOT account_hidden AND month > today() - INTERVAL 24 MONTH
GROUP BY category
HAVING last_12_months IS NOT NULL AND the_12_before IS NOT NULL
ORDER BY more DESC""",
    ),
    QueryExample(
        "The same amount at the same place on one day",
        """SELECT date, name, amount, currency, count(*) AS times, min(id) AS id
FROM transactions
WHERE kind = 'spending' AND part = 0
GROUP BY date, name, amount, currency
HAVING count(*) > 1
ORDER BY date DESC""",
    ),
    QueryExample(
        "What every account holds",
        """SELECT account, institution, account_type, balance, currency, home_balance, last_date
FROM accounts
WHERE NOT account_hidden
ORDER BY home_balance DESC""",
    ),
    QueryExample(
        "The balance of checking and savings, week by week",
        """SELECT date_trunc('week', date) AS week, account, arg_max(home_balance, date) AS balance
FROM balances
WHERE account_type IN ('checking', 'savings')
GROUP BY week, account
ORDER BY week, account""",
    ),
    QueryExample(
        "Places that were new in the last two months",
        """SELECT name, min(date) AS first_time, count(*) AS times, -sum(home_amount) AS spent
FROM transactions
WHERE kind = 'spending'
GROUP BY name
HAVING min(date) > today() - 60
ORDER BY spent DESC""",
    ),
    QueryExample(
        "What is tagged",
        """SELECT unnest(tags) AS tag, count(*) AS transactions, sum(home_amount) AS total
FROM transactions
WHERE len(tags) > 0
GROUP BY tag
ORDER BY transactions DESC""",
    ),
    QueryExample(
        "Purchases far above what the place usually takes",
        """WITH usual AS (
    SELECT name, median(home_amount) AS usual, count(*) AS visits
    FROM transactions
    WHERE kind = 'spending'
    GROUP BY name
    HAVING count(*) >= 5
)
SELECT t.id, t.date, t.name, t.home_amount, u.usual
FROM transactions AS t
JOIN usual AS u ON u.name = t.name
WHERE t.kind = 'spending' AND t.home_amount < 2 * u.usual
ORDER BY t.home_amount
LIMIT 50""",
    ),
    QueryExample(
        "Spending in other currencies",
        """SELECT currency, sum(amount) AS amount, sum(home_amount) AS home_amount, count(*) AS transactions
FROM transactions
WHERE kind = 'spending'
GROUP BY currency
ORDER BY transactions DESC""",
    ),
)
"""In the order in which they are offered."""
