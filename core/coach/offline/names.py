"""The person's own names in a question: categories, merchants, accounts, goals; never one of two that fit."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from rapidfuzz import fuzz, process

from core.analytics import account_summaries, merchant_names
from core.coach.offline.words import plain
from core.coach.tools import Scope
from core.coach.tools.naming import UNCATEGORISED
from core.ledger import list_categories
from core.planning import list_goals

Kind = Literal["category", "merchant", "account", "goal"]
MARKS: Final[dict[Kind, str]] = {"category": "xcat", "merchant": "xmer", "account": "xacc", "goal": "xgoal"}
UNSURE_MARK: Final = "xname"
MOST_WORDS: Final = 6
MOST_CHOICES: Final = 5
NEAR: Final = 84.0
"""How alike, of 100, a word with a slip and a name must be."""
APART: Final = 6.0
"""By so much the next name must be less alike."""
SHORTEST: Final = 4
"""Letters that a word must have to be taken for a name with a slip in it."""
_TOLD_ELSEWHERE: Final = frozenset({"income", "other", "transfer", "interest"})
"""Categories whose whole name is a word of questions; they are asked for by it."""
SAID: Final[dict[str, tuple[str, ...]]] = {
    "Groceries": ("grocery", "grocery store", "grocery shopping", "supermarket", "supermarkets", "food shopping"),
    "Restaurants": ("restaurant", "eating out", "dining out", "dining", "eat out", "meals out", "going out to eat"),
    "Food & drink": ("food", "food and drinks", "food and drink", "eating and drinking"),
    "Coffee": ("coffees", "cafes", "cafe", "coffee shops", "lattes"),
    "Fast food": ("takeaway", "takeaways", "takeout", "junk food", "burgers"),
    "Beer, wine & spirits": ("alcohol", "booze", "beer and wine", "drinks"),
    "Fuel": ("petrol", "gas", "gasoline", "filling up", "gas station", "gas stations", "diesel"),
    "Gas & electricity": ("power bill", "electric", "electric bill", "electricity bill", "energy"),
    "Taxis & rides": ("taxi", "cab", "cabs", "rideshare", "ride sharing", "cab rides"),
    "Public transport": ("bus", "buses", "trains", "train", "transit", "metro", "public transit", "subway"),
    "Transport": ("transportation", "getting around"),
    "Clothing": ("clothes", "shoes", "fashion", "apparel"),
    "Pets": ("pet", "pet food", "pet stuff", "dog", "cat"),
    "Vet": ("vets", "veterinarian", "vet bills"),
    "Dentist": ("dental", "dentists"),
    "Doctor": ("doctors", "doctor visits"),
    "Pharmacy": ("medicine", "drugstore", "chemist", "medication", "pharmacies"),
    "Health": ("healthcare", "medical"),
    "Gym & fitness": ("gym membership", "workouts", "sports club"),
    "Hair & beauty": ("hairdresser", "haircuts", "haircut", "barber", "salon"),
    "Phone": ("mobile", "cell phone", "phone bill", "mobile phone", "phone bills"),
    "Internet & TV": ("broadband", "wifi", "internet bill"),
    "Water": ("water bill",),
    "Mortgage payment": ("mortgage", "mortgage payments"),
    "Insurance": ("insurances", "insurance premiums"),
    "Childcare": ("day care", "daycare", "nursery", "child care", "after school care"),
    "Gifts": ("gift", "presents", "present"),
    "Donations": ("charity", "donation", "charities"),
    "Books & newspapers": ("book", "reading material"),
    "Video games": ("games", "gaming"),
    "Music & audio": ("concerts music",),
    "TV & films": ("movies", "cinema", "streaming", "films and tv"),
    "Flights": ("flight", "airfare", "plane tickets", "airlines"),
    "Hotels & lodging": ("hotel", "accommodation"),
    "Travel": ("travelling", "traveling", "trips", "holidays", "vacation", "vacations"),
    "Home repairs": ("repairs", "house repairs"),
    "Hardware & garden": ("diy", "gardening"),
    "Housing & utilities": ("utilities", "utility bills", "utility"),
    "Car service": ("car repairs", "car repair", "mechanic", "garage"),
    "Cash withdrawal": ("cash withdrawals", "atm withdrawals", "cash"),
    "Bank fees": ("fees", "bank charges", "bank fee"),
    "Electronics": ("gadgets", "tech"),
    "Online shopping": ("shopping online", "online orders", "online purchases"),
    "Entertainment": ("fun", "leisure"),
    "Education": ("school", "tuition", "courses"),
    "Parking": ("parking fees",),
    "Salary": ("wages", "paycheck", "paychecks", "pay check"),
    "Interest earned": ("interest earned",),
    "Tax payment": ("taxes",),
}  # fmt: skip
"""What people also say for a built-in category, by its own title."""
_UNLIKE_PARTS: Final = frozenset({"other", "home", "car", "music", "to", "from"})
_OF_MANY: Final = frozenset(
    "transfer transfers refund refunds payment payments withdrawal deposit reversal wire check late principal".split()
)
"""Words of banks in what they call all sorts of payments: by one of them alone no merchant is meant."""
_KINDS_OF_ACCOUNTS: Final[dict[str, tuple[str, ...]]] = {
    "checking": ("checking", "current account", "checking account", "giro"),
    "savings": ("savings account", "saving account", "savings accounts"),
    "credit card": ("credit card", "card", "credit cards", "visa", "mastercard"),
    "mortgage": ("mortgage loan", "home loan"),
    "brokerage": ("brokerage account", "investment account", "investments account", "stocks account"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """One of the person's names, as it is written there."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Words that fit several names."""

    words: str
    names: tuple[Named, ...]


@dataclass(frozen=True)
class Names:
    """All that a person's things are called."""

    keys: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    """What they are called by, in plain words; short parts of long names too, where they fit."""
    whole: frozenset[str] = frozenset()
    """Those of the keys that are whole names."""
    income: frozenset[str] = frozenset()
    """The categories of what comes in."""
    apart: frozenset[str] = frozenset()
    """The categories that are neither spending nor income."""

    @property
    def words(self) -> frozenset[str]:
        """Return every word that one of the names has."""
        return frozenset(word for key in self.keys for word in key.split())


def names_of(scope: Scope) -> Names:
    """Gather what the person's categories, merchants, accounts and goals are called."""
    whole: dict[str, list[Named]] = {}
    parts: dict[str, list[Named]] = {}
    titles: dict[str, set[str]] = {"income": set(), "spending": set(), "transfer": set()}
    for category in list_categories(scope.store, scope.person.id):
        if category.offered:
            named = Named("category", category.title)
            _put(whole, [category.title], named)
            titles.setdefault(category.kind, set()).add(category.title)
            _put(parts, [*SAID.get(category.title, ()), *_parts(category.title)], named)
    _put(whole, [UNCATEGORISED, "no category", "uncategorized"], Named("category", UNCATEGORISED))
    for account in account_summaries(scope.cache):
        if not account.hidden:
            named = Named("account", account.name)
            kinds = {one for kind in (account.subtype, account.type) for one in _KINDS_OF_ACCOUNTS.get(kind, ())}
            words = _long_words(account.name)
            _put(whole, [account.name], named)
            _put(parts, [account.institution, *kinds, *words, *(f"{word} account" for word in words)], named)
    for name in merchant_names(scope.cache):
        _put(whole, [name], Named("merchant", name))
        _put(parts, _long_words(name)[:2], Named("merchant", name))
    for goal in list_goals(scope.store, scope.person.id, scope.cache, scope.today):
        _put(whole, [goal.wish.name], Named("goal", goal.wish.name))
    keys = {key: tuple(found) for key, found in (parts | whole).items()}
    return Names(keys, frozenset(whole), frozenset(titles["income"]), frozenset(titles["transfer"]))


def _long_words(name: str) -> list[str]:
    words = plain(name).split()
    return [word for word in words if len(word) >= SHORTEST and not word.isdecimal() and word not in _OF_MANY]


@dataclass
class Sought:
    """A plain text in which names are looked for, each replaced by a mark once found."""

    text: str
    found: list[Named] = field(default_factory=list)
    unsure: list[Unsure] = field(default_factory=list)

    @property
    def still_unsure(self) -> tuple[Unsure, ...]:
        """Return what fits several names, none of which the question has anyhow ("electricity and gas")."""
        return tuple(one for one in self.unsure if not set(one.names) & set(self.found))


def find_names(sought: Sought, names: Names, known: Collection[str]) -> None:
    """Find names: as they are written, the longest first; before single words, several with a slip in them.

    `known` are the words that questions are made of: one of them alone is a merchant's name only after "at" and such.
    """
    _find_written(sought, names, known, range(MOST_WORDS, 1, -1))
    find_slips(sought, names, known, (4, 3, 2))
    _find_written(sought, names, known, (1,))
    sought.text = _KIND_BEFORE_MARK.sub("", sought.text)


def _find_written(sought: Sought, names: Names, known: Collection[str], sizes: Iterable[int]) -> None:
    words = sought.text.split()
    for size in sizes:
        at = 0
        while at + size <= len(words):
            piece = words[at : at + size]
            if not any(word.startswith("x") and word in _ALL_MARKS for word in piece):
                fitting = _fitting(" ".join(piece), names, known, words[at - 1] if at else "")
                if fitting:
                    words[at : at + size] = [_mark(" ".join(piece), fitting, sought)]
            at += 1
    sought.text = " ".join(words)


_ALL_MARKS: Final = frozenset({*MARKS.values(), UNSURE_MARK})
LEAVING_OUT: Final = frozenset(
    "without except excluding besides apart not never minus neither nor unless if excludes exclude ignoring counting "
    "but".split()
)
"""Words that take something away from what is asked: in no name with a slip, and nothing is answered past them."""
_SMALL: Final = frozenset("in on at for from to the a of and than with by this last".split())
"""Words that begin something else: no name with a slip ends with one."""
_KIND_WORDS: Final[dict[str, Kind]] = {
    "category": "category", "merchant": "merchant", "shop": "merchant", "store": "merchant", "account": "account",
    "goal": "goal",
}  # fmt: skip
_KIND_BEFORE_MARK: Final = re.compile(rf"\b(?:{'|'.join(_KIND_WORDS)}) (?=(?:{'|'.join(MARKS.values())})\b)")
_BEFORE_A_NAME: Final = frozenset({"at", "from", "to", "with", "by", "on", "for", "in", "and"})


def _fitting(piece: str, names: Names, known: Collection[str], before: str) -> tuple[Named, ...]:
    fitting = names.keys.get(piece, ())
    if not fitting and " and " in f" {piece} ":
        fitting = names.keys.get(piece.replace(" and ", " & "), ())
    if not fitting or piece in _TOLD_ELSEWHERE:
        return ()
    if before in _KIND_WORDS:
        fitting = tuple(one for one in fitting if one.kind == _KIND_WORDS[before]) or fitting
    if piece in known and " " not in piece:
        sure = piece in names.whole and before in _BEFORE_A_NAME and before != "in"
        fitting = tuple(one for one in fitting if one.kind not in {"merchant", "account"}) if not sure else fitting
        if piece not in names.whole:
            return ()
    return fitting


def _mark(piece: str, fitting: Sequence[Named], sought: Sought) -> str:
    if len(fitting) == 1:
        sought.found.append(fitting[0])
        return MARKS[fitting[0].kind]
    sought.unsure.append(Unsure(piece, tuple(fitting[:MOST_CHOICES])))
    return UNSURE_MARK


def find_slips(sought: Sought, names: Names, known: Collection[str], sizes: Sequence[int]) -> None:
    """Find names of so many words with a slip of the pen, in words that nothing else explains."""
    words = sought.text.split()
    for size in sizes:
        at = 0
        while at + size <= len(words):
            piece = words[at : at + size]
            strange = [word for word in piece if word not in known and re.search("[a-z]", word)]
            if size > 1 and piece[-1] in known and piece[-1] in _SMALL:
                at += 1
                continue
            told = (
                _ALL_MARKS.isdisjoint(piece)
                and LEAVING_OUT.isdisjoint(piece)
                and not any(word.startswith("x") and len(word) < 7 for word in piece)
            )
            if told and strange and piece[0] in strange and len(" ".join(strange)) >= SHORTEST:
                fitting = _alike(" ".join(piece), names)
                if fitting:
                    words[at : at + size] = [_mark(" ".join(piece), fitting, sought)]
            at += 1
    sought.text = " ".join(words)


def _alike(piece: str, names: Names) -> tuple[Named, ...]:
    alike = [key for key in names.keys if key[0] == piece[0]]  # a slip is seldom in the first letter
    near = process.extract(piece, alike, scorer=fuzz.ratio, score_cutoff=NEAR - APART, limit=12)
    if not near or near[0][1] < NEAR:
        return ()
    best = near[0][1]
    return tuple(dict.fromkeys(one for key, score, _ in near if score > best - APART for one in names.keys[key]))


def _parts(title: str) -> Iterator[str]:
    pieces = [plain(one) for one in re.split(r"[&,]", title)]
    if len(pieces) > 1:
        for piece in pieces:
            if piece and piece not in _UNLIKE_PARTS and not piece.startswith("other"):
                yield piece


def _put(keys: dict[str, list[Named]], names: Iterable[str], named: Named) -> None:
    for name in names:
        said = keys.setdefault(plain(name), [])
        if named not in said:
            said.append(named)
    keys.pop("", None)
