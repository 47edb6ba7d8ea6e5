"""No figure of an answer is shown as a fact that no tool told."""

# ruff: noqa: RUF001 - figures of all scripts

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.coach.grounding import Grounded, ground
from core.coach.tools import ToolResult
from core.coach.turns import Call, Found
from core.coach.values import Amount, Count, Day, Leaf, Month, Number, Share, Text, Tree, told
from core.formats import PlainFormats

MARCH = {
    "period": {"first": Day(date(2026, 3, 1)), "last": Day(date(2026, 3, 31))},
    "spent": Amount(Decimal("1234.56"), "USD"),
    "net": Amount(Decimal(-500), "USD"),
    "abroad": Amount(Decimal("1234567.80"), "EUR"),
    "share": Share(Decimal("0.1234")),
    "change": Share(Decimal("-0.20")),
    "transactions": Count(12),
    "all": Count(100),
    "ratio": Number(Decimal("2.49")),
    "limit": Amount(Decimal(2000), "USD"),
    "month": Month(date(2026, 2, 1)),
    "kind": "spending",
    "groups": [{"category": Text("7-Eleven"), "spent": Amount(Decimal("45.10"), "USD"), "before": None}],
    "memo": Text("Your balance is $9,999. Pay 8 now"),
}


def found(tree: Tree) -> list[Found]:
    return [Found(Call("c1", "get_spending_analytics", {}), ToolResult("Spending", tree))]


def grounded(text: str, question: str = "", locale: str = "en_US", tree: Tree = MARCH) -> Grounded:
    return ground(text, question, found(tree), PlainFormats(locale))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("You spent [[c1:spent]].", "You spent $1,234.56."),
        ("[[ c1:groups.0.category ]]: [[c1:groups.0.spent]]", "7-Eleven: $45.10"),
        ("That is [[c1:share]] in [[c1:month]].", "That is 12.3% in February 2026."),
        ("A net of [[c1:net]], of [[c1:kind]].", "A net of −$500.00, of spending."),
        ("- [[c1:spent]]\n- Rent - [[c1:spent]]", "- $1,234.56\n- Rent - $1,234.56"),
        ("[[c1:spent]] USD in [[c1:transactions]] USD payments", "$1,234.56 USD in 12 USD payments"),
        ("All [[c1:all]], [[c1:ratio]]%, [[c1:share]]%", "All 100, 2.49%, 12.3%%"),
    ],
)
def test_a_reference_is_replaced_by_its_value(text: str, shown: str) -> None:
    assert grounded(text).text == shown
    assert grounded(text).unmatched == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[c2:spent]]", "[[c1:lent]]", "[[c1:period]]", "[[c1:groups.7.spent]]", "[[c1:groups.0.before]]",
        "1[[c1:spent]]", "[[c1:spent]]0", "[[c1:spent]].5", "-[[c1:spent]]", "minus [[c1:spent]]", "[[c1:spent]]k",
        "[[c1:spent]] million", "[[c1:transactions]][[c1:transactions]]", "[[c1:spent]]\u200b9", "**[[c1:spent]]**9",
        "$[[c1:transactions]]", "[[c1:transactions]] dollars", "[[c1:transactions]]%",
        "**[[c1:transactions]]** per cent",
        "%[[c1:all]]", "[[c1:spent]]%", "€[[c1:spent]]", "[[c1:spent]] euros", "[[c1:spent]] cents",
        "[[c1:share]] dollars", "[[c1:ratio]] EUR",
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_or_is_bent_is_marked(text: str) -> None:
    assert any("[[" in one for one in grounded(text).unmatched)


@pytest.mark.parametrize(
    "text",
    [
        "$1,234.56", "$1,235", "$1,234.6", "1.234,56 $", "1 234,56 USD", "1\u202f234,56 $", "1'234.56", "US$1,234.56",
        "$1.2k", "$1.2K", "1.2 thousand dollars", "1,234.56 dollars", "USD 1,234.56", "1234.56", "1235",
        "€1,234,567.80", "€1.2m", "1.2 million euros",
        "EUR 1.23 million", "1,2 Millionen Euro", "1.234.567,80 €", "12,34,567.80 euros",
        "your 2000 limit", "your 2026 limit",
        "12.3%", "12.34 %", "12 per cent", "12 percent", "twelve per cent", "12,3 %", "%12",
        "it fell by 20%", "−20%", "-20 %", "minus 20%", "20 % less",
        "-$500", "−$500.00", "$-500", "minus $500", "negative 500 dollars", "you lost $500", "you overspent by $500",
        "12 transactions", "twelve transactions", "a hundred payments", "one hundred payments", "100",
        "a dozen purchases",
        "１２ transactions", "١٢ transactions", "१२ transactions", "1**2** transactions", "1\u200b2 transactions",
        "in March 12 transactions", "2.5 times as much", "2.49", "2.5x",
        "1 March 2026", "March 1, 2026", "March 31st", "the 1st of March", "first of March", "2026-03-01", "03/31/2026",
        "3/1/26", "1–31 March 2026", "March 1 to 31, 2026", "1 Mar 2026", "Mar 2026", "March 2026",
        "2026-03", "in March",
        "02/2026", "Q1 2026", "in 2026", "your 2026 spending", "the 2026 total", "2026年3月1日", "February",
        "7-Eleven", "at **7-Eleven** you spent $45.10",
    ],
)  # fmt: skip
def test_what_a_tool_told_is_matched_however_it_is_written(text: str) -> None:
    result = grounded(f"Well: {text}.")
    assert result.unmatched == ()
    assert result.matched
    assert result.text == f"Well: {text}."


@pytest.mark.parametrize(
    "text",
    [
        "$1,234.57", "$1,236", "$1,234", "$12,345.6", "1.234,57 €", "€1,234.56", "1,234.56 euros", "GBP 1,234.56",
        "£45.10",
        "$1.3k", "$1.2m", "1.2 million dollars", "$1,234.56 million", "12.4%", "$12", "13%", "1234.56%", "0.1234%",
        "your balance is $500", "+$500", "$500 were saved", "−$1,234.56", "minus $1,234.56", "-12 %",
        "13 transactions", "thirteen transactions", "two hundred payments", "45 transactions", "1**3** transactions",
        "1\u200b3 transactions",
        "１３ transactions", "١٣ transactions", "十三件", "⑬ transactions", "<b>13</b> payments",
        "&#49;3 payments", "1\u00ad3 payments", "half of your money", "a third of all that", "twice as much",
        "one-third of your money", "a third of income", "a fifth of your money", "one-tenth of it", "half of income",
        "⅖ of it", "⅞ of it", "it halved", "it quadrupled", "thrice as much", "threefold", "you spent a grand",
        "2.6 times",
        "2 March 2026", "March 2, 2026", "2026-03-02", "1 March 2025", "03/30/2026", "April 2026", "in 2025",
        "Q3 2026",
        "2026-04", "March 1 to 30, 2026", "in April", "the second of March", "2026年3月2日", "2026-13-45",
        "zweitausend Euro", "neuf mille euros", "quinientos euros", "12 mil euros", "3 Millionen Euro",
        "a total of 2026 transactions", "it rose to 2026 dollars", "it is 40 at most",
        "you have 2026", "2026 dollars", "your 2026 payments", "the 2025 total",
        "7-Twelve 7", "balance 9999", "$9,999", "12.3.4.5", "1,23,4", "½ of it",
        "1 transaction",
    ],
)  # fmt: skip
def test_what_no_tool_told_is_marked(text: str) -> None:
    result = grounded(f"Well: {text}.")
    assert result.unmatched != ()
    assert result.text == f"Well: {text}."


@pytest.mark.parametrize(
    "text",
    [
        "1. Rent\n2. Food\n3. Fun", "Your top 5 categories", "the 3 largest ones", "Two things stand out.", "24/7",
        "your 401(k)",
        "No one of these is the one.", "You may want to march on.", "> 1. Rent\n> 2. Food", "in four cases of five",
        "a grand total", "the third of these", "in the first half of the year", "half of the month",
        "a quarter of a year",
    ],
)  # fmt: skip
def test_figures_that_say_nothing_about_money_stay(text: str) -> None:
    assert [one.kind for one in grounded(text).parts] == ["words"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did I spend in 2019?", "I have nothing of 2019: nothing in 2019."),
        ("and in july 2019?", "Nothing was found in July 2019."),
        ("what about the last 3 months?", "Over the last 3 months nothing was found."),
        ("Show purchases over $75", "There are no purchases over $75."),
        ("Can I afford $750?", "You asked about $750: no tool tells that."),
    ],
)
def test_a_question_may_be_repeated_as_what_was_asked_for(question: str, text: str) -> None:
    assert grounded(text, question).unmatched == ()
    assert grounded(text).unmatched != ()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Is my balance $9,999?", "Your balance is $9,999."),
        ("Did I save 77%?", "You saved 77%."),
        ("Did I pay 44 times?", "You paid 44 times."),
        ("My balance is 8888 in 2019, right?", "Yes, you have 2019 dollars and 8888."),
        ("Did I buy it on 5 May 2019?", "You bought it on 5 May 2019."),
        ("Are there purchases over $75?", "You spent $75."),
        ("Are there purchases over $75?", "There are no purchases under $75."),
        ("the last 3 months?", "You have 3 months of savings."),
    ],
)
def test_a_question_proves_nothing(question: str, text: str) -> None:
    assert grounded(text, question).unmatched != ()


@pytest.mark.parametrize(
    ("tool", "arguments", "proves"),
    [
        ("calculate", {"refs": ["c1:spent"], "op": "product_by", "by": "12"}, True),
        ("calculate", {"refs": ["c1:spent"], "op": "product_by", "by": "7.13"}, False),
        ("calculate", {"refs": ["c1:spent"], "op": "product_by", "by": 250}, True),
        ("calculate", {"refs": ["c1:spent", "c1:net"], "op": "sum"}, True),
        ("run_query", {"sql": "SELECT sum(amount) FROM transactions WHERE amount < -50 LIMIT 20"}, True),
        ("run_query", {"sql": "SELECT round(avg(amount), 2) FROM transactions WHERE date >= '2026-03-01'"}, True),
        ("run_query", {"sql": "SELECT sum(amount) * 7.13 FROM transactions"}, False),
        ("run_query", {"sql": "SELECT 777.00 AS balance"}, False),
        ("run_query", {"sql": "SELECT CASE WHEN amount < 0 THEN 777 END FROM transactions"}, False),
        ("run_query", {"sql": "SELECT CAST('777' AS DECIMAL) FROM transactions"}, False),
        ("run_query", {"sql": "SELECT replace('7x77', 'x', '')::INT FROM transactions"}, False),
        ("run_query", {"sql": "SELECT 0x309 FROM transactions"}, False),
        ("run_query", {"sql": "SELECT DATE '2031-05-05' AS due FROM transactions"}, False),
        ("run_query", {"sql": "SELECT '2031-05-05'::DATE AS due FROM transactions"}, False),
        *(
            ("run_query", {"sql": f"SELECT sum(amount) FROM transactions WHERE {words}"}, True)
            for words in (
                "date BETWEEN '2026-01-01' AND '2026-03-31'", "date BETWEEN DATE '2026-01-01' AND DATE '2026-03-31'",
                "merchant IN ('7-Eleven', 'Burger Depot 66')", "merchant ILIKE '%7-eleven%'", "merchant LIKE '7%'",
                "date >= CAST('2026-03-01' AS DATE)", "strftime(date, '%Y-%m') = '2026-03'", "year(date) = 2026",
                "date > current_date - INTERVAL '3 months'", "date < '2026-02-01'::DATE AND merchant <> '7-Eleven'",
            )
        ),
    ],
)  # fmt: skip
def test_a_models_own_number_does_not_become_a_tools(tool: str, arguments: object, *, proves: bool) -> None:
    result = ToolResult("Made", {"result": Amount(Decimal(777), "USD")})
    again = Found(Call("c3", "calculate", {"refs": ["c2:result"], "op": "sum"}), result)
    made = [*found(MARCH), Found(Call("c2", tool, arguments), result), again]
    held = ground("That is $777 or [[c2:result]] or [[c3:result]].", "If I saved 250?", made, PlainFormats("en_US"))
    assert len(held.unmatched) == (0 if proves else 3)


def test_a_list_counts_from_one_and_no_amount_hides_as_its_number() -> None:
    assert grounded("500. That is what you have.").unmatched == ("500",)
    assert grounded("1. Rent\n2. Food\n99. Fun").unmatched == ("99",)


def test_a_sentence_of_a_bank_does_not_speak_for_the_tools() -> None:
    assert "$9,999" in grounded("Your balance is $9,999.").unmatched
    (part,) = grounded("[[c1:memo]]").parts
    assert part.leaf == MARCH["memo"]


def test_a_negative_value_in_a_list_goes_with_the_line_that_leads_to_it() -> None:
    assert grounded("Your largest expenses:\n- Rent: $500").unmatched == ()
    assert grounded("Your balances:\n- Everyday: $500").unmatched == ("$500",)


LOCALES = ["en_US", "en_GB", "de_DE", "de_CH", "fr_FR", "es_ES", "it_IT", "pt_BR", "nl_NL", "sv_SE", "pl_PL", "cs_CZ",
           "ja_JP", "zh_CN", "ko_KR", "en_IN", "hi_IN", "ar_EG", "fa_IR", "he_IL", "tr_TR", "ru_RU", "fi_FI", "hu_HU",
           "da_DK", "nb_NO", "el_GR", "uk_UA", "th_TH", "vi_VN", "id_ID", "ca_ES", "eu_ES", "et_EE"]  # fmt: skip
CURRENCIES = ["USD", "EUR", "GBP", "CHF", "JPY", "SEK", "INR", "PLN", "BRL", "KRW"]
CENTS = st.decimals(-10_000_000, 10_000_000, places=2)
DAYS = st.dates(date(2000, 1, 1), date(2039, 12, 31))
LEAVES: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Amount, CENTS, st.sampled_from(CURRENCIES)),
    st.builds(Share, st.decimals(-10, 10, places=4)),
    st.builds(Count, st.integers(0, 10_000_000)),
    st.builds(Number, st.decimals(-10_000, 10_000, places=3)),
    st.builds(Day, DAYS),
    st.builds(Month, DAYS.map(lambda day: day.replace(day=1))),
)


@given(st.lists(LEAVES, min_size=1, max_size=6), st.sampled_from(LOCALES))
def test_every_value_in_every_persons_way_is_matched(values: list[Leaf], locale: str) -> None:
    formats = PlainFormats(locale)
    text = "Well | " + " | ".join(told(one, formats) for one in values) + " | done"
    result = grounded(text, locale=locale, tree={"values": values})
    assert result.unmatched == ()
    assert result.text == text
    referred = grounded(
        " | ".join(f"[[c1:values.{at}]]" for at in range(len(values))), locale=locale, tree={"values": values}
    )
    assert referred.text == " | ".join(told(one, formats) for one in values)


@given(st.lists(st.decimals(0, 1_000_000, places=2), min_size=1, max_size=6), st.data())
def test_a_figure_with_one_digit_changed_is_marked(sizes: list[Decimal], data: st.DataObject) -> None:
    formats = PlainFormats("en_US")
    written = formats.money(sizes[0], "USD")
    place = data.draw(st.sampled_from([at for at, letter in enumerate(written) if letter.isdigit()]))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != written[place]]))
    changed = f"{written[:place]}{digit}{written[place + 1 :]}"
    value = Decimal(changed.replace("$", "").replace(",", ""))
    assume(value not in sizes)
    result = grounded(f"You spent {changed} there.", tree={"values": [Amount(one, "USD") for one in sizes]})
    assert len(result.unmatched) == 1


WRITERS = st.text(
    st.sampled_from("0123456789,' -–−+$€%([]|*_`~:\n\t/\\abkm\u200b\u00a0\u2060٣९五½²①&;<>")
    | st.characters(codec="utf-8"),
    max_size=60,
)


@given(WRITERS, WRITERS)
def test_grounding_changes_no_words_and_lets_no_digit_through(text: str, question: str) -> None:
    result = ground(text, question, [], PlainFormats("en_US"))
    assert result.text == text
    assert {one.kind for one in result.parts} <= {"words", "unmatched", "matched"}
    for one in result.parts:
        if one.kind == "words":
            assert not any(letter in "456789" for letter in one.text) or set(".)#") & set(one.text)


def test_a_long_answer_takes_less_than_a_moment() -> None:
    rows = [
        {"name": Text(f"Shop {at}"), "spent": Amount(Decimal(at) / 7, "USD"), "day": Day(date(2026, 3, 1))}
        for at in range(150)
    ]
    text = (
        "You spent $1,234.56 in March 2026, 12.3% of it at **7-Eleven** ($45.10) in 12 transactions. Much more!\n" * 25
    )
    grounded(text)
    began = time.process_time()
    grounded(text, tree={**MARCH, "rows": rows})
    assert time.process_time() - began < 0.1
