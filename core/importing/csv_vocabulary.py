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
    "other number",
    "payee",
    "name",
    "text",
    "key",
    "status",
]

LONGEST_HEADING: Final = 100
"""Characters; no heading is longer."""

_WORDS: Final[dict[Role, str]] = {
    "date": r"transaction date|trans(\.|action)? ?date|date|datum|buchungstag|buchungsdatum|buchung|"
    r"booking date|posting date|"
    r"posted( date)?|post date|date op[ée]ration|date de l.op[ée]ration|dateop|"
    r"fecha( de)?( operaci[óo]n)?|f\.? ?operaci[óo]n|"
    r"data|data operazione|data operacji|data transakcji|data ksi[ęe]gowania|bokf[öo]ringsdag|transaktionsdag|"
    r"kirjausp[äa]iv[äa]|maksup[äa]iv[äa]|fecha contable|"
    r"transactiondate|bookingdate|data contabile|boekdatum|transactiedatum|bogf[øo]ringsdato|dato|bogf[øo]rt|"
    r"started date|completed date|date started|date completed|data mov\.?|"
    r"data do movimento|created( on)?|finished on|datetime|date processed|processed date|journal date|"
    r"datum (proveden[ií]|transakce|za[úu][čc]tov[áa]n[ií])|"
    r"(tranzakci[óo]|k[öo]nyvel[ée]s) d[áa]tuma",
    "other date": r"value ?date|valutadag|data waluty|valuta(datum)?|wertstellung(sdatum)?|wert|date valeur|"
    r"date de valeur|dateval|fecha valor|f\.? ?valor|data valuta|rentedatum|rentedato|data valor|"
    r"effective date|settlement date|valuta date|[ée]rt[ée]knap",
    "amount": r"amount.*|betrag.*|umsatz.*|montant.*|importe.*|importo.*|bedrag.*|bel[øo]b.*|valor|value|"
    r"net( amount)?|netto(betrag)?|gross( amount)?|total( amount)?|paid amount|"
    r"(transaction|net) amount|buchungsbetrag|transa[ck]tiebedrag|(tranzakci[óo] )?[öo]ssz(eg|ege)( .*)?|"
    r"za[úu][čc]tovan[áa] [čc][áa]stka|quantia|monto|cantidad|sum|summe|kwota.*|belopp.*|"
    r"m[äa][äa]r[äa].*|[čc][áa]stka.*",
    "outflow": r"debits?( amount)?|amount debit(ed)?|paid out|money out|withdrawals?( amount)?|"
    r"soll|ausgang|belastung.*|lastschrift.*|"
    r"d[ée]bit.*|cargos?|"
    r"addebiti|uscite|af|uttag|ut fra konto|obci[ąa][żz]eni[ae]|d[ée]bito|sa[íi]da|outflow|out|ud|payments? out",
    "inflow": r"credits?( amount)?|amount credit(ed)?|paid in|money in|deposits?( amount)?|"
    r"haben|eingang|gutschrift.*|cr[ée]dit.*|abonos?|"
    r"accrediti|entrate|bij|ins[äa]ttning|inn p[åa] konto|uznani[ae]|cr[ée]dito|entrada|inflow|in|ind|payments? in",
    "direction": r"type|af ?bij|af/bij|dr/?cr|cr/?dr|debit/credit|credit/debit|debit ?credit|soll/haben|s/h|"
    r"sens|transaction type|"
    r"credit debit indicator|direction|debet/?credit|signe|bev[ée]tel/kiad[áa]s",
    "balance": r"(?!.* id).*balance.*|.*saldo.*|solde.*|kontostand.*|running bal\.?|accountbalance|"
    r".*egyenleg|z[ůu]statek.*|disponible",
    "currency": r"currency( code)?|w(ä|a|ae)hrung|devise|divisa|moneda|valuta|munt|moeda|waluta|m[ěe]na|valuutta|ccy|"
    r"source currency|buchungsw(ä|a|ae)hrung|m[ěe]na [úu][čc]tu|tranzakci[óo] devizaneme|devizanem|monn\.?|monnaie|"
    r"devies|devise du compte|val[ūu]ta|valuuta|whg",
    "other number": r"(unit |share )?price|quantity|qty|units|shares|commission|fees?|tax|vat|"
    r"(exchange |conversion )?rate|umrechnungskurs|originalbetrag|p[ůu]vodn[ií] [čc][áa]stka.*|"
    r"local amount|original amount|foreign amount|kurs|wechselkurs|geb[üu]hr|menge|st[üu]ck|frais|taux|tasso|koers",
    "payee": r"name|payee|payee name|merchant( name)?|counter ?party( name)?|beneficiary|(zahlungs)?empf(ä|a|ae)nger.*|"
    r"zahlungspflichtige.*|nom de la contrepartie|"
    r"beg(ü|u|ue)nstigte.*|"
    r"auftraggeber.*|name zahlungsbeteiligter|beneficiary / originator|naam.*|"
    r"naam / omschrijving|tegenpartij.*|b[ée]n[ée]ficiaire|tiers|beneficiario|target name|partner name|"
    r"mottagare|odbiorca|saaja.*|motpart|modtager|n[áa]zev proti[úu][čc]tu|counteraccount name|partner neve",
    "name": r"(transaction |original )?descriptions?( ?\d)?|details|libell[ée].*|concepto|descrizione|hist[óo]rico|"
    r"descri[çc][ãa]o|descripci[óo]n|omschrijving|"
    r"tekst|text|buchungstext|verwendungszweck|transaction|narrative|beskrivning|beskrivelse|forklaring|"
    r"opis( operacji)?|tytu[łl]|popis|selite|rubrik|memo",
    "text": r"memo|notes?|reference|verwendungszweck|payment reference|d[ée]tail.*|mededelingen|category|particulars|"
    r"additional information|info|remarks?|subject|extended details|statement description",
    "key": r"(\w+ )?transaction id|trans(action)? ?(no|ref|number|reference)\.?|reference number|id|fitid|"
    r"transactie-?id|transferwise id|unique id|tx ?id",
    "status": r"status|state|tilstand|estado|[ée]tat",
}
_WORDS_IN_ONE: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PATTERNS: Final = {role: re.compile(words, re.IGNORECASE) for role, words in _WORDS.items()}

OUT_WORDS: Final = frozenset(
    "debit dbit dr d af soll s out withdrawal debet cargo débit uscita saida payment purchase sale fee outflow expense "
    "ausgabe ausgang auszahlung belastung kiadás".split()
)
IN_WORDS: Final = frozenset(
    "credit crdt cr c k bij haben h in deposit kredit abono crédit entrata entrada refund interest dividend inflow "
    "income einnahme eingang einzahlung gutschrift bevétel".split()
)
SHARES: Final = re.compile(r"quantity|qty|units|shares|menge|st[üu]ck", re.IGNORECASE)
"""What the number of shares is called in the list of an investment account."""
PENDING_WORDS: Final = frozenset(
    {"pending", "vorgemerkt", "en attente", "pendiente", "in sospeso", "authorised", "authorized", "reserved"}
)
IGNORED_STATES: Final = frozenset({"reverted", "declined", "failed", "cancelled", "canceled", "denied"})
TOTAL: Final = re.compile(
    r"(?:(?:transactions? |grand )?(?:sub)?totals?|sum|summe|saldo|solde|balance|kontostand|gesamt)\b.*", re.IGNORECASE
)
"""A row of sums, where it lacks its date; `Total Wine` with a date is a shop."""
BALANCE: Final = re.compile(
    r"(?:(?:opening|closing|starting|ending|beginning|final|initial|running) balance|"
    r"balance (?:brought|carried) forward|anfangssaldo|endsaldo|kontostand|"
    r"solde (?:initial|final)|saldo (?:inicial|final|anterior|iniziale|finale|"
    r"do dia)|beginsaldo|eindsaldo|s a l d o|balance)(?:\s*[\W\d]*|\s+(?:as of|on|at|vom|am|au|al|em|per|op)\b.*)",
    re.IGNORECASE,
)
"""A row that states what was there at some time, whether it has a date or not."""
_BALANCES: Final = ("balance", "saldo", "solde", "kontostand", "s a l d o")


def may_state_balance(text: str) -> bool:
    """Tell whether any line of a text may be one of `BALANCE`: all of these have one of a few words in them."""
    folded = text.casefold()
    return any(word in folded for word in _BALANCES)


def roles_of(heading: str) -> list[Role]:
    """Return the roles that a column with this heading can have, the likeliest first."""
    if len(heading) > LONGEST_HEADING:
        return []
    text = re.sub(r"[\s_]+", " ", re.sub(r"\(.*?\)|[\"':*]", "", heading)).strip()
    # Programs write NetAmount for net amount.
    apart = _WORDS_IN_ONE.sub(" ", text)
    return [role for role, pattern in _PATTERNS.items() if pattern.fullmatch(text) or pattern.fullmatch(apart)]
