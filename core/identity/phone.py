"""Codes by text message and call, through Vonage's Verify v2: Vonage makes them, sends them and checks them.

The SDK speaks https only and writes answers into its log, numbers and all; that log is switched off.
"""

import logging
from http import HTTPStatus
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from core.config import Settings
from core.errors import PhoneError

BRAND: Final = "FinTrack"
SECONDS: Final = 15
CODE_LENGTH: Final = 6
_SETUP: Final = "Check VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY in the file .env."
SENTENCES: Final[dict[int, tuple[str, str]]] = {
    HTTPStatus.UNAUTHORIZED: ("Vonage refused FinTrack's keys.", _SETUP),
    HTTPStatus.PAYMENT_REQUIRED: ("The Vonage account has no balance left.", "Top it up, or use another way."),
    HTTPStatus.FORBIDDEN: ("Vonage does not allow this application to send codes.", _SETUP),
    HTTPStatus.CONFLICT: (
        "A code for this number is on its way already.",
        "Wait a minute for it, or use another way.",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("This phone number can't be reached.", "Check it, with its country's code."),
    HTTPStatus.TOO_MANY_REQUESTS: ("Vonage is asked too often just now.", "Try again in a minute."),
}
"""What an answer means when a code is sent."""
ENDED: Final = PhoneError("This code can no longer be used.", "Send a new code.")
_AWAY: Final = PhoneError("The phone provider can't be reached.", "Try again in a while, or use another way.")


def phone_for(settings: Settings) -> "VonageVerify | None":
    """Return the phone provider of the settings, None where none is set up. Wrong keys are told with the first code."""
    if not settings.vonage_application_id or not settings.vonage_private_key.get_secret_value():
        return None
    return VonageVerify(settings)


class VonageVerify:
    """The provider; the SDK is loaded when the first code is sent."""

    def __init__(self, settings: Settings) -> None:
        """Speak for the application of the settings."""
        self._settings = settings
        self._loaded: Any = None

    def send(self, number: str, channel: Literal["sms", "voice"]) -> str:
        """Send a code to an E.164 number; return Vonage's id of the verification.

        Raises:
            PhoneError: the number can't be reached, or Vonage failed; the sentence tells which.
        """
        from vonage_verify import SmsChannel, VerifyRequest, VoiceChannel

        kind = SmsChannel if channel == "sms" else VoiceChannel
        request = VerifyRequest(brand=BRAND, workflow=[kind(to=number.removeprefix("+"))], code_length=CODE_LENGTH)
        return str(self._ask(lambda api: api.start_verification(request), SENTENCES).request_id)

    def check(self, key: str, code: str) -> bool:
        """Tell whether this is the code.

        Raises:
            PhoneError: Vonage no longer waits for it, or failed.
        """
        wrong = object()
        answer = self._ask(
            lambda api: api.check_code(key, code),
            {
                HTTPStatus.BAD_REQUEST: wrong,
                HTTPStatus.NOT_FOUND: (ENDED.sentence, ENDED.hint),
                HTTPStatus.CONFLICT: (ENDED.sentence, ENDED.hint),
                HTTPStatus.GONE: ("This code was tried too often.", "Send a new code."),
                HTTPStatus.UNAUTHORIZED: SENTENCES[HTTPStatus.UNAUTHORIZED],
                HTTPStatus.TOO_MANY_REQUESTS: SENTENCES[HTTPStatus.TOO_MANY_REQUESTS],
            },
        )
        return answer is not wrong and answer.status == "completed" and answer.request_id == key

    def cancel(self, key: str) -> None:
        """Let a code end; where that fails it ends by itself."""
        try:
            self._ask(lambda api: api.cancel_verification(key), {})
        except PhoneError:
            logging.getLogger(__name__).info("a code could not be cancelled at the provider")

    def _ask(self, call: Any, meanings: Any) -> Any:  # noqa: ANN401 - the SDK's objects
        """Make a call; an answer that says no becomes what `meanings` holds for its status."""
        from jwt import PyJWTError
        from pydantic import ValidationError
        from requests import ReadTimeout, RequestException
        from vonage_http_client.errors import HttpRequestError
        from vonage_utils.errors import VonageError

        try:
            return call(self._api())
        except HttpRequestError as failure:
            meaning = meanings.get(failure.response.status_code)
            if isinstance(meaning, tuple):
                raise PhoneError(*meaning) from None
            if meaning is not None:
                return meaning
            raise PhoneError(_AWAY.sentence, _AWAY.hint) from None
        except RequestException as failure:
            raise PhoneError(_AWAY.sentence, _AWAY.hint, may_be_sent=isinstance(failure, ReadTimeout)) from None
        except (ValidationError, TypeError):
            raise PhoneError("The phone provider's answer makes no sense.", _AWAY.hint, may_be_sent=True) from None
        except (VonageError, PyJWTError, ValueError, OSError):
            raise PhoneError("FinTrack's keys for Vonage can't be used.", _SETUP) from None

    def _api(self) -> Any:  # noqa: ANN401 - the SDK's object
        if self._loaded is None:
            from vonage_http_client import Auth, HttpClient, HttpClientOptions
            from vonage_verify import Verify

            logging.getLogger("vonage").setLevel(logging.CRITICAL)
            wanted = self._settings
            options = HttpClientOptions(timeout=SECONDS, max_retries=0)
            if wanted.vonage_base_url:
                options = options.model_copy(update={"api_host": urlsplit(wanted.vonage_base_url).netloc})
            key = wanted.vonage_private_key.get_secret_value().replace("\\n", "\n")
            auth = Auth(application_id=wanted.vonage_application_id, private_key=key)
            self._loaded = Verify(HttpClient(auth, options))
        return self._loaded
