"""How banks of several countries word what made-up households do; each entry has wordings for each side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Sides = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Wordings:
    """`{other}` is the other account's name, `{mask}` its last four digits, `{ref}` a number, `{who}` a person."""

    own: Sides
    card: Sides
    loan: Sides
    friend: Sides
    wages: tuple[str, ...]
    rent: tuple[str, ...]
    shops: tuple[str, ...]
    income: tuple[str, ...]
    people: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)


AMERICAN: Final = Wordings(
    own=(
        (
            "Online Transfer to {other} ...{mask}",
            "TRANSFER TO {other} {ref}",
            "ONLINE BANKING TRANSFER TO {mask}",
            "Internal transfer",
            "ACH XFER TO {mask}",
            "Transfer to {other}",
        ),
        (
            "Online Transfer from {other} ...{mask}",
            "TRANSFER FROM {other} {ref}",
            "ONLINE BANKING TRANSFER FROM {mask}",
            "Internal transfer",
            "ACH XFER FROM {mask}",
            "Deposit transfer from {other}",
        ),
    ),
    card=(
        (
            "CHASE CREDIT CRD AUTOPAY {ref}",
            "CARD PAYMENT ...{mask}",
            "CITI CARD ONLINE PAYMENT",
            "AMEX EPAYMENT ACH PMT {ref}",
        ),
        ("PAYMENT THANK YOU", "AUTOMATIC PAYMENT - THANK YOU", "ONLINE PAYMENT, THANK YOU", "Payment Received"),
    ),
    loan=(("MORTGAGE PMT LOAN ...{mask}", "Auto loan payment {ref}"), ("PAYMENT PRINCIPAL", "LOAN PAYMENT RECEIVED")),
    friend=(
        ("Zelle payment to {who} {ref}", "VENMO PAYMENT {ref}", "Transfer to {who}", "CHECK {ref}", "Wire to {who}"),
        (
            "Zelle payment from {who} {ref}",
            "VENMO CASHOUT {ref}",
            "Transfer from {who}",
            "MOBILE CHECK DEPOSIT {ref}",
            "{who}",
        ),
    ),
    wages=("ACME CORP PAYROLL PPD ID {ref}", "DIRECT DEP GLOBEX INC"),
    rent=("RENT OAK STREET APTS", "Zelle payment to Oakwood Properties", "LAKEVIEW PROPERTY MGMT WEB PMT"),
    shops=(
        "GREENLEAF MARKET #{ref}",
        "SHELL OIL {ref}",
        "AMZN MKTP US*{ref}",
        "STARBUCKS STORE {ref}",
        "TRADER JOES",
        "LYFT *RIDE",
        "NETFLIX.COM",
        "CVS/PHARMACY",
        "UNITED AIRLINES {ref}",
        "BEST BUY",
        "ATM WITHDRAWAL {ref}",
        "COMCAST CABLE AUTOPAY",
    ),
    income=("INTEREST PAYMENT", "ACME CORP EXPENSE REIMB", "STATE TAX REFUND", "EBAY PAYOUT {ref}", "ATM CASH DEPOSIT"),
    people=("Maria Lopez", "J Smith", "Tom Becker", "Priya N", "Oakwood LLC"),
)
GERMAN: Final = Wordings(
    own=(
        (
            "Umbuchung auf {other}",
            "Übertrag {mask}",
            "ÜBERWEISUNG AN {other} {mask}",
            "Dauerauftrag Sparen {other}",
            "UEBERWEISUNG EIGENES KONTO",
        ),
        (
            "Umbuchung von {other}",
            "Übertrag {mask}",
            "GUTSCHRIFT UMBUCHUNG {other}",
            "Sparen Dauerauftrag {other}",
            "ÜBERTRAG VON {mask}",
        ),
    ),
    card=(
        ("KREDITKARTENABRECHNUNG {ref}", "Lastschrift Kreditkarte Ausgleich", "VISA ABRECHNUNG {mask}"),
        ("EINZAHLUNG VISA AUSGLEICH", "Ausgleich Kreditkarte Danke", "ZAHLUNG/ÜBERWEISUNG ERHALTEN DANKE"),
    ),
    loan=(("Darlehen Rate {mask}", "Baudarlehen Tilgung {ref}"), ("Tilgung", "Darlehen Zahlungseingang")),
    friend=(
        ("Überweisung {who}", "SEPA-ÜBERWEISUNG {who} Danke", "Dauerauftrag {who}", "PayPal {who}"),
        ("Gutschrift {who}", "SEPA-GUTSCHRIFT {who} {ref}", "Überweisung von {who}", "{who} Urlaub"),
    ),
    wages=("Gehalt Muster GmbH {ref}", "LOHN/GEHALT BEISPIEL AG"),
    rent=("MIETE Hausverwaltung Schmidt", "Dauerauftrag Miete Wohnung 12", "Überweisung Vermieter Kranz"),
    shops=(
        "REWE SAGT DANKE {ref}",
        "EDEKA MARKT {ref}",
        "DB VERTRIEB GMBH",
        "AMAZON PAYMENTS EUROPE {ref}",
        "STADTWERKE STROM",
        "ARAL STATION {ref}",
        "ROSSMANN {ref}",
        "GELDAUTOMAT {ref}",
        "VODAFONE GMBH",
        "ALLIANZ VERSICHERUNG",
    ),
    income=("HABENZINSEN", "KINDERGELD", "FINANZAMT ERSTATTUNG", "REISEKOSTEN Muster GmbH", "eBay Kleinanzeigen {who}"),
    people=("Anna Weber", "Jonas Klein", "WG Kasse", "Fam. Schulz"),
    names={
        "checking": "Girokonto",
        "savings": "Tagesgeld",
        "card": "Visa Karte",
        "loan": "Baudarlehen",
        "joint": "Gemeinschaftskonto",
    },
)
ROMANCE: Final = Wordings(
    own=(
        (
            "VIR {other}",
            "VIREMENT INTERNE VERS {other}",
            "Traspaso a {other}",
            "Giroconto verso {other}",
            "TRANSFERENCIA A CUENTA PROPIA {mask}",
            "VIREMENT COMPTE {mask}",
        ),
        (
            "VIR {other}",
            "VIREMENT INTERNE DE {other}",
            "Traspaso desde {other}",
            "Giroconto da {other}",
            "TRANSFERENCIA DE CUENTA PROPIA {mask}",
            "VIREMENT DEPUIS {mask}",
        ),
    ),
    card=(
        ("PRLV CARTE CREDIT {ref}", "Pago tarjeta {mask}", "PAIEMENT CARTE VISA {mask}", "Addebito saldo carta"),
        ("REGLEMENT MERCI", "Pago recibido gracias", "VOTRE PAIEMENT - MERCI", "Pagamento ricevuto grazie"),
    ),
    loan=(("ECHEANCE PRET {ref}", "Cuota hipoteca", "Rata mutuo {mask}"), ("ECHEANCE", "Pago cuota", "Rata")),
    friend=(
        ("VIREMENT A {who}", "Transferencia a {who}", "Bonifico a favore di {who}", "Bizum {who}"),
        ("VIREMENT DE {who}", "Transferencia de {who}", "Bonifico da {who}", "Bizum de {who}"),
    ),
    wages=("SALAIRE SOCIETE DUPONT", "NOMINA EMPRESA SL", "STIPENDIO DITTA SPA"),
    rent=("LOYER AGENCE MARTIN", "Alquiler piso", "VIREMENT FONCIA"),
    shops=(
        "CB CARREFOUR {ref}",
        "MERCADONA {ref}",
        "ESSELUNGA MILANO",
        "SNCF INTERNET",
        "EDF CLIENTS PARTICULIERS",
        "RETRAIT DAB {ref}",
        "BOULANGERIE PAUL",
        "REPSOL {ref}",
        "FNAC PARIS",
        "IBERIA {ref}",
    ),
    income=("CAF ALLOCATION", "REMBOURSEMENT CPAM", "INTERETS", "REMB FRAIS SOCIETE DUPONT", "VINTED {ref}"),
    people=("Claire Petit", "Luis Garcia", "Marco Rossi", "Zoe"),
    names={
        "checking": "Compte Courant",
        "savings": "Livret A",
        "card": "Carte Visa",
        "loan": "Pret Immo",
        "joint": "Compte Joint",
    },
)
NAMESAKES: Final = Wordings(
    own=(
        ("ADA KING {ref}", "To Ada King", "Ada King {other}", "ADA KING FP {ref}"),
        ("ADA KING {ref}", "From A King", "MISS A KING", "ADA KING FP {ref}"),
    ),
    card=(
        ("BARCLAYCARD {ref}", "AMERICAN EXP {ref}", "HALIFAX CREDIT CARD DD"),
        ("PAYMENT RECEIVED - THANK YOU", "DIRECT DEBIT PAYMENT THANK YOU", "Payment"),
    ),
    loan=(("SANTANDER MORTGAGE {ref}",), ("PAYMENT",)),
    friend=(("{who} FP {ref}", "To {who}", "Monzo {who}"), ("{who} FP {ref}", "From {who}", "BGC {who}")),
    wages=("HOOLI LTD BACS SALARY", "NHS TRUST BGC {ref}"),
    rent=("LANDLORD SO", "FOXTONS LTD RENT", "SO J HARGREAVES"),
    shops=(
        "TESCO STORES {ref}",
        "SAINSBURYS",
        "TFL TRAVEL CH",
        "DELIVEROO",
        "BOOTS {ref}",
        "LNK CASH {ref}",
        "CARD PAYMENT TO PRET A MANGER",
        "THAMES WATER DD",
    ),
    income=("HMRC CHILD BENEFIT", "INTEREST PAID GROSS", "EXPENSES HOOLI LTD", "EBAY COMMERCE"),
    people=("G Okafor", "Sam Hall", "Beth L", "R Patel"),
    names={
        "checking": "Current Account",
        "savings": "Easy Saver",
        "card": "Barclaycard",
        "loan": "Mortgage",
        "joint": "Joint Account",
    },
)
MUTE: Final = Wordings(
    own=(("DEBIT {ref}", "TFR", "IB {ref}", ""), ("CREDIT {ref}", "TFR", "IB {ref}", "")),
    card=(("PMT {ref}", "DD"), ("PYMT", "THX")),
    loan=(("DD {ref}",), ("CR",)),
    friend=(("DEBIT {ref}", "TFR {ref}", "{who}"), ("CREDIT {ref}", "TFR {ref}", "{who}")),
    wages=("CREDIT {ref}", "BGC ACME"),
    rent=("SO {ref}", "DD RENT"),
    shops=("POS {ref}", "DEBIT {ref}", "VIS TESCO", "CARD {ref}"),
    income=("CR {ref}", "INT"),
    people=("SMITH", "JONES"),
)
