"""The words by which bank texts tell of transfers, card payments and loans, and of what is neither."""

from enum import IntFlag
from functools import lru_cache
from typing import Final


class Says(IntFlag):
    """What a word, and by its words a text, speaks of."""

    NOTHING = 0
    OWN = 1
    """Only ever said of one's own accounts."""
    TRANSFER = 2
    PAYMENT = 4
    CARD = 8
    """A credit card, or a bank that issues them."""
    THANKS = 16
    LOAN = 32
    ACCOUNT = 64
    """Some account: checking, current account, konto."""
    SAVING = 128
    INVESTING = 256
    PERSON = 512
    """Ways to pay people, shops included."""
    OUTSIDE = 1024
    """Wages, rent, purchases, interest: never between one's own accounts."""
    REFUND = 2048
    CASH = 4096
    EXCHANGE = 8192
    PLAIN = 16384
    """A word of banks that tells nothing."""
    INCOME = 32768
    """Wages, interest, pensions: never a refund either. Always together with OUTSIDE."""


_WORDS: Final = {
    Says.OWN: (
        "umbuchung ubertrag uebertrag giroconto traspaso kontoubertrag kontouebertrag intern interna interno "
        "internal interne own eigene eigenes eigenen eigenubertrag sweep selbst egen omforing overfort propio "
        "propia propre girofondi overschot"
    ),
    Says.TRANSFER: (
        "transfer transfers transferred xfer xfr tfr trf trsf trnsfr tsfr tnsfr transf trfr uberweisung "
        "ueberweisung uberw ueberw umb ubw virement vir virt viremnt transfert transferencia transferencias "
        "transfere bonifico bonif overboeking overschrijving overb overforing overforsel overfoersel siirto "
        "tilisiirto przelew prevod prevodem atutalas giro moved move wire перевод 振替 转账 振込 transferir "
        "dauerauftrag sepa funding topup reload aufladung fund funds"
    ),
    Says.PAYMENT: (
        "payment payments pmt pymt pymnt paymt pay paym epay epayment autopay autopmt autopayment directpay "
        "bpay billpay paid zahlung einzahlung paiement reglement pago pagamento betaling betalning platnosc "
        "versement ausgleich abrechnung crcardpmt prlv prelevement prelev addebito domiciliacion incasso "
        "autogiro"
    ),
    Says.CARD: (
        "card crd cc crcard creditcard kreditkarte kreditkartenabrechnung kreditkartenausgleich creditcrd "
        "visa mastercard mc amex carte tarjeta carta cartao kreditkort luottokortti karta cardmember "
        "barclaycard applecard citicard citi discover synchrony crcardpmt"
    ),
    Says.THANKS: ("thank thanks thx merci danke gracias grazie obrigado bedankt tack kiitos"),
    Says.LOAN: (
        "loan loans mortgage mtg mtge mortg lending darlehen darlehn baudarlehen kredit kreditrate tilgung "
        "tilg annuitat pret emprunt echeance prestamo hipoteca cuota mutuo rata finanziamento lening "
        "hypotheek aflossing lan principal amortisation amortization kredyt escrow heloc installment"
    ),
    Says.ACCOUNT: (
        "checking chk chkg chq chequing current acct account acc accnt a/c konto kto girokonto compte cuenta "
        "conto conta rekening tili rachunek ucet main joint everyday"
    ),
    Says.SAVING: (
        "savings saving sav savg savngs svgs svg sparen spar sparkonto sparplan tagesgeld sparbuch festgeld "
        "epargne livret ahorro ahorros risparmio deposito poupanca spaarrekening opsparing saasto "
        "oszczednosci pot vault goal isa emergency bucket roundup spaar"
    ),
    Says.INVESTING: (
        "brokerage broker invest investment investments investing depot wertpapierdepot securities vanguard "
        "fidelity schwab robinhood etrade ameritrade degiro titres pea bourse inversion ira retirement "
        "pension401k"
    ),
    Says.PERSON: (
        "zelle venmo paypal cashapp squarecash bizum swish twint mobilepay vipps blik tikkie interac lydia "
        "satispay popmoney splitwise revtag"
    ),
    Says.OUTSIDE: (
        "rent miete loyer alquiler affitto huur hyra landlord kaltmiete warmmiete purchase pos checkcard "
        "einkauf achat compra acquisto aankoop kartenzahlung insurance versicherung assurance seguro tax "
        "taxes steuer finanzamt impot invoice rechnung facture factura fattura tuition donation spende gift "
        "geschenk fee fees gebuhr gebuehr utility electric grocery groceries market supermarket restaurant "
        "cafe coffee hotel fuel pharmacy store shop amazon walmart target costco uber netflix spotify rewe "
        "edeka lidl aldi tesco ikea membership subscription strom internet phone mobilfunk"
    ),
    Says.INCOME | Says.OUTSIDE: (
        "payroll salary salaire salaires wage wages gehalt lohn nomina stipendio salaris salario palkka "
        "wynagrodzenie dirdep payrl bonus interest zinsen habenzinsen interets intereses interessi rente "
        "dividend dividende dividends dividendo kindergeld unemployment socsec ssa irs treas taxrefund"
    ),
    Says.REFUND: (
        "refund refunds refunded refnd rfnd return returned returns reversal reversed rev chargeback "
        "erstattung ruckerstattung rueckerstattung storno retoure remboursement remb reembolso devolucion "
        "rimborso storni terugbetaling retour aterbetalning refusion cancellation zwrot"
    ),
    Says.CASH: (
        "check checks cheque cheques atm cash withdraw withdrawal withdrawals wdl wd bargeld geldautomat "
        "retrait cajero prelievo geldautomaat cashpoint bankomat abhebung"
    ),
    Says.EXCHANGE: (
        "fx exchange forex kurs currency wise transferwise revolut conversion converted wechselkurs change"
    ),
    Says.PLAIN: (
        "online banking bank mobile web ach id ref reference no nr to from the of for and by via von vom nach "
        "an gutschrift avoir abono credited erhalten erhaltene recu recibido ricevuto ricevuta ontvangen auf "
        "zu zum zur fur per de du la le les vers depuis a al el en desde hacia para da di su van naar met "
        "till fran fra til deposit dep credit debit cr dr trans transaction txn ppd ccd instant immediate "
        "faster standing order ordre permanent scheduled recurring auto automatic monthly weekly regular "
        "received sent incoming outgoing inc out in your you eft fps bgc so dd db conf confirmation number "
        "ending xx xxx xxxx end iban bic sepa eur usd gbp chf memo desc description internet app ib ibk "
        "branch int intl international service wer verwendungszweck lastschrift haben soll am pm on at with "
        "my self other pmnt posted pending completed date value jan feb mar apr may jun jul aug sep oct nov "
        "dec frm rate rec recd rcvd chase wells fargo hsbc barclays lloyds natwest santander ing sparkasse "
        "volksbank dkb monzo starling halifax citibank usaa ally pnc bofa amer america commerzbank postbank "
        "comdirect bnp paribas bbva caixa intesa unicredit rabobank abn amro capital one boa"
        " link linked external electronic ebanking netbanking telephone direct request requested processed authorized"
        " domestic remittance customer client svc automated automatisch mensuel mensile mensual periodic periodico plan"
        " onetime one time weekly quarterly balance statement stmt minimum min due amount amt full total bill new old"
    ),
}

VOCABULARY: Final[dict[str, Says]] = {}
for _says, _list in _WORDS.items():
    for _word in _list.split():
        VOCABULARY[_word] = VOCABULARY.get(_word, Says.NOTHING) | _says

_LONG: Final = 6
_PREFIX: Final = 5
_TYPES: Final = (
    ("mortgage", "mortgage mtg hypothek hypotheque hipoteca mutuo hypotheek"),
    ("loan", "loan darlehen kredit pret prestamo lening lan heloc"),
    ("credit card", "visa mastercard amex kreditkarte card creditcard credit carte tarjeta cc crd barclaycard"),
    ("savings", "savings saving sav sparkonto sparen tagesgeld livret epargne ahorro risparmio spaarrekening isa"),
    ("retirement", "ira retirement pension"),
    ("brokerage", "brokerage depot invest investment investing broker trading titres"),
    ("checking", "checking chequing current girokonto chk giro everyday courant corriente betaalrekening"),
    ("cash", "cash wallet bargeld"),
)


def _deletions(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _bare(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")


_NEAR: Final[dict[str, Says]] = {}
_SHORT: Final[dict[str, Says]] = {}
_TOLD: Final = ~(Says.PLAIN | Says.OUTSIDE | Says.INCOME)
for _word, _says in VOCABULARY.items():
    if len(_word) >= _LONG and _says & _TOLD:
        for _near in _deletions(_word):
            _NEAR.setdefault(_near, _says)
        if len(_bare(_word)) > 3:
            _SHORT.setdefault(_bare(_word), _says)
        for _length in range(_PREFIX, len(_word)):
            _SHORT.setdefault(_word[:_length], _says)


@lru_cache(maxsize=200_000)
def word_says(word: str) -> Says:
    """Return what a folded word speaks of; long words also with one letter wrong, cut short or without their vowels."""
    if (said := VOCABULARY.get(word)) is not None:
        return said
    if (said := _SHORT.get(word)) is not None:
        return said
    if len(word) < _LONG - 1:
        return Says.NOTHING
    if (said := _NEAR.get(word)) is not None:
        return said
    for near in sorted(_deletions(word)):
        said = _NEAR.get(near, VOCABULARY.get(near, Says.NOTHING) if len(near) >= _LONG else Says.NOTHING)
        if said & _TOLD:
            return said
    return _compound(word)


def _compound(word: str) -> Says:
    """Return what the first or last part of a compound speaks of, as German makes them."""
    for length in range(len(word) - 3, _LONG - 1, -1):
        for part in (word[:length], word[-length:]):
            if (said := VOCABULARY.get(part, Says.NOTHING)) & ~Says.PLAIN:
                return said
    return Says.NOTHING


def type_of_name(name: str) -> str:
    """Return the account type that words of a name tell, or nothing."""
    words = set("".join(letter if letter.isalpha() else " " for letter in name.casefold()).split())
    return next((kind for kind, said in _TYPES if words & set(said.split())), "")
