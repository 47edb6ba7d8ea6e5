"""What can go wrong, each kind with a sentence for the person and a hint what to do.

Pages and the command line show `sentence` and `hint`; nothing else of an error reaches a person.
"""


class FinTrackError(Exception):
    """The root of all failures that a person is told about."""

    hint: str = ""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint or type(self).hint

    def __str__(self) -> str:
        """Return the sentence and the hint as one text."""
        return f"{self.sentence} {self.hint}".strip()


class AmountError(FinTrackError):
    """A number that is no amount of money, or one too fine or too large to be kept."""


class ConfigurationError(FinTrackError):
    """A setting has a wrong value; the sentence names it."""


class StoreError(FinTrackError):
    """The store can't be opened, migrated or written."""


class BackupError(FinTrackError):
    """A backup can't be written, or a file can't be restored."""


class CacheError(FinTrackError):
    """The cache can't be used right now (held by another process, disk full)."""


class QueryError(FinTrackError):
    """A typed query is refused, wrong or was stopped; `place` is its line and column, from 1, where known."""

    def __init__(self, sentence: str, hint: str = "", place: tuple[int, int] | None = None) -> None:
        super().__init__(sentence if place is None else f"Line {place[0]}, column {place[1]}: {sentence}", hint)
        self.words = sentence
        self.place = place


class ExportError(FinTrackError):
    """A person's data can't be written to a file."""


class NotFoundError(FinTrackError):
    """What was asked for does not exist, or belongs to somebody else."""


class SignInError(FinTrackError):
    """Not signed in, or not with these credentials."""


class FactorNeededError(SignInError):
    """The password was right, and the second factor is still to be checked."""


class StepUpNeededError(SignInError):
    """What is asked for needs a fresh check of who asks."""

    hint = "Confirm that it is you, then do it again."


class MailError(FinTrackError):
    """A letter could not be sent."""


class PhoneError(FinTrackError):
    """A code could not be sent to a phone, or not be checked; `may_be_sent` when the provider may have sent it."""

    def __init__(self, sentence: str, hint: str = "", *, may_be_sent: bool = False) -> None:
        super().__init__(sentence, hint)
        self.may_be_sent = may_be_sent


class ValidationError(FinTrackError):
    """What a person typed can't be taken as it is."""


class TooManyAttemptsError(FinTrackError):
    """A limit was reached; `retry_after` tells the seconds to wait."""

    def __init__(self, sentence: str, retry_after: int, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.retry_after = retry_after


class ImportFileError(FinTrackError):
    """A file can't be read as a bank statement; `line` is where, counted from 1, when known."""

    def __init__(self, sentence: str, hint: str = "", line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line}: {sentence}", hint)
        self.line = line


class RatesFileError(FinTrackError):
    """A file of exchange rates can't be taken in; `line` is where, counted from 1, when known."""

    def __init__(self, sentence: str, hint: str = "", line: int | None = None) -> None:
        super().__init__(sentence if line is None else f"Line {line}: {sentence}", hint)
        self.line = line


class BankError(FinTrackError):
    """A bank connection failed; `code` is the provider's own code, when it gave one."""

    def __init__(self, sentence: str, hint: str = "", code: str = "") -> None:
        super().__init__(sentence, hint)
        self.code = code


class BankTemporaryError(BankError):
    """The provider or bank is busy or away: trying again later can help; `retry_after` seconds, when it said so."""

    hint = "Try again in a while; nothing is lost."

    def __init__(self, sentence: str, hint: str = "", code: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence, hint, code)
        self.retry_after = retry_after


class BankLoginError(BankError):
    """The bank wants the person to sign in again (update mode)."""

    hint = "Reconnect the bank on the Accounts page."


class BankGoneError(BankError):
    """The link to the bank no longer exists and has to be made anew."""

    hint = "Link the bank again on the Accounts page."


class BankUnsupportedError(BankError):
    """The provider does not serve this bank, or not its way of signing in: trying again never helps."""

    hint = "Import the files that this bank offers instead."


class FeatureError(BankError):
    """The bank or the keys have no such thing as holdings or debts: leave it out, all else goes on."""

    hint = "Everything else of this bank goes on working."


class AccountsChangedError(BankError):
    """An account that was asked for is closed or no longer shared: read the list of accounts anew."""

    hint = "Sync again to refresh the accounts."


class ItemDeletedError(BankError):
    """The item was being removed while it was asked: there is nothing left to tell."""

    hint = "Nothing has to be done."


class BankSetupError(BankError):
    """The provider's keys or permissions are wrong: the owner of the machine has to act."""

    hint = "Check PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV in your .env file."


class SyncMutationError(BankError):
    """The provider's data changed while it was paged through: start the loop again."""


class CursorError(BankError):
    """The provider no longer knows the cursor: resync from the beginning."""


class CoachError(FinTrackError):
    """A language model gave no answer; `provider` is who was asked. Another one may be tried for some kinds only."""

    def __init__(self, sentence: str, hint: str = "", provider: str = "") -> None:
        super().__init__(sentence, hint)
        self.provider = provider


class CoachKeyError(CoachError):
    """There is no key, or the provider refuses it."""


class CoachQuotaError(CoachError):
    """The provider wants no more questions for now; `retry_after` seconds, when it said so."""

    def __init__(self, sentence: str, hint: str = "", provider: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence, hint, provider)
        self.retry_after = retry_after


class CoachBusyError(CoachQuotaError):
    """The provider is overloaded or failing: nothing is wrong with the question."""


class CoachUnreachableError(CoachError):
    """The provider can't be reached, or did not answer in time."""


class CoachCutError(CoachError):
    """The connection broke in the middle of an answer."""


class CoachBlockedError(CoachError):
    """The provider refuses to answer this question."""


class CoachTooLongError(CoachError):
    """The conversation is longer than the model can read."""


class CoachNonsenseError(CoachError):
    """What the provider sent can't be understood."""
