"""What banks call the columns of their CSV files, in the languages that we know."""

import re
from typing import Final, Literal

Role = Literal[
    "date",
    "other date",
    "amount",
    "outflow",
    "inflow",
    "direction",
    "balance",
    "currency",
    "name",
    "text",
    "key",
    "status",
]

_WORDS: Final[dict[Role, str]] = {
    "date": r"transaction date|trans(\.|action)? ?date|date|datum|buchungstag|buchungsdatum|buchung|"
    r"booking date|posting date|"
    r"posted( date)?|post date|date op[ée]ration|date de l.op[ée]ration|dateop|"
    r"fecha( de)?( operaci[óo]n)?|f\.? ?operaci[óo]n|"
    r"data|data operazione|data contabile|boekdatum|transactiedatum|bogf[øo]ringsdato|dato|bogf[øo]rt|started date|"
    r"completed date|date started|date completed|data mov\.?|data do movimento|created on|finished on|datetime",
    "other date": r"value date|valuta(datum)?|wertstellung(sdatum)?|wert|date valeur|date de valeur|dateval|"
    r"fecha valor|"
    r"f\.? ?valor|data valuta|rentedatum|rentedato|data valor|effective date|settlement date",
    "amount": r"amount.*|betrag.*|umsatz.*|montant.*|importe.*|importo.*|bedrag.*|bel[øo]b.*|valor|value|"
    r"net|netto|paid amount|"
    r"transaction amount|quantia|monto|cantidad|sum|summe|kwota",
    "outflow": r"debits?( amount)?|paid out|money out|withdrawals?( amount)?|soll|ausgang|belastung.*|"
    r"d[ée]bit.*|cargos?|"
    r"addebiti|uscite|af|d[ée]bito|sa[íi]da|outflow|out|ud|payments? out",
    "inflow": r"credits?( amount)?|paid in|money in|deposits?( amount)?|haben|eingang|gutschrift.*|cr[ée]dit.*|abonos?|"
    r"accrediti|entrate|bij|cr[ée]dito|entrada|inflow|in|ind|payments? in",
    "direction": r"type|af ?bij|af/bij|dr/?cr|cr/?dr|debit/credit|credit/debit|debit ?credit|soll/haben|s/h|"
    r"sens|transaction type|"
    r"credit debit indicator|direction|debet/?credit|signe",
    "balance": r".*balance.*|.*saldo.*|solde.*|kontostand.*|running bal\.?|accountbalance",
    "currency": r"currency( code)?|w[äa]hrung|devise|divisa|moneda|valuta|munt|moeda|waluta|ccy|source currency",
    "name": r"name|payee|payee name|merchant( name)?|counter ?party( name)?|beneficiary|empf[äa]nger.*|"
    r"beg[üu]nstigte.*|"
    r"auftraggeber.*|name zahlungsbeteiligter|beneficiary / originator|naam.*|"
    r"naam / omschrijving|tegenpartij.*|b[ée]n[ée]ficiaire|tiers|beneficiario|"
    r"description|details|transaction description|libell[ée].*|concepto|descrizione|descrição|"
    r"descri[çc][ãa]o|omschrijving|"
    r"tekst|buchungstext|verwendungszweck|transaction|narrative|original description|target name|partner name",
    "text": r"memo|notes?|reference|verwendungszweck|payment reference|d[ée]tail.*|mededelingen|category|particulars|"
    r"additional information|info|remarks?|subject|extended details|statement description",
    "key": r"transaction id|trans(action)? ?(no|ref|number|reference)\.?|reference number|id|fitid|"
    r"transactie-?id|unique id|tx ?id",
    "status": r"status|state|tilstand|estado|[ée]tat",
}
_PATTERNS: Final = {role: re.compile(words, re.IGNORECASE) for role, words in _WORDS.items()}

OUT_WORDS: Final = frozenset(
    "debit dbit dr d af soll s out withdrawal debet cargo débit uscita saida payment purchase sale fee".split()
)
IN_WORDS: Final = frozenset(
    "credit crdt cr c bij haben h in deposit kredit abono crédit entrata entrada refund interest dividend".split()
)
PENDING_WORDS: Final = frozenset(
    "pending vorgemerkt en attente pendiente in sospeso authorised authorized reserved".split()
)
IGNORED_STATES: Final = frozenset({"reverted", "declined", "failed", "cancelled", "canceled", "denied"})
TOTAL: Final = re.compile(
    r"(?:total|totals|subtotal|sum|summe|saldo|solde|balance|opening balance|closing balance|"
    r"starting balance|ending balance|"
    r"beginning balance|anfangssaldo|endsaldo|kontostand|saldo inicial|saldo final|"
    r"saldo iniziale|saldo finale|beginsaldo|"
    r"eindsaldo)\b.*",
    re.IGNORECASE,
)


def roles_of(heading: str) -> list[Role]:
    """Return the roles that a column with this heading can have, the likeliest first."""
    text = re.sub(r"\s+", " ", re.sub(r"\(.*?\)|[\"':*]", "", heading)).strip()
    return [role for role, pattern in _PATTERNS.items() if pattern.fullmatch(text)] if text else []
