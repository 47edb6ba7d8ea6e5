"""streamlit-authenticator's sign-in form with our check behind it.

Its own cookie replays after signing out, its check answers faster for unknown users and its count
of failures lives in memory; so its form is used, and its cookie and its controller are not.
"""

from collections.abc import Callable
from typing import Any, Final

from streamlit_authenticator import Authenticate

from core.identity import check_credentials
from core.store import Store, UserId
from core.vault import Vault

FIELDS: Final = {"Form name": "Good to see you", "Username": "E-mail", "Password": "Password", "Login": "Sign in"}


class _NoCookie:
    """Stands where the package keeps its cookie: never gives one, never sets one."""

    def get_cookie(self) -> None:
        """Know nobody by cookie."""

    def set_cookie(self) -> None:
        """Set nothing: the session cookie is set by a route of ours."""


class _Check:
    """Stands where the package checks passwords: asks the store."""

    def __init__(self, check: Callable[[str, str], UserId]) -> None:
        self.user: UserId | None = None
        self._check = check

    def login(self, username: str | None = None, password: str | None = None, *_args: Any, **_more: Any) -> bool:  # noqa: ANN401 - the package's signature
        """Find out whose e-mail and password were typed; a failure is raised with its sentence."""
        self.user = self._check(username or "", password or "")
        return True


class SignInForm(Authenticate):  # type: ignore[misc]
    """The package's form. `ask` draws it and returns the user once the right password was sent."""

    def __init__(self, store: Store, vault: Vault, address: str, mark: str) -> None:
        """Prepare the form; the package's own set-up would draw a cookie component."""
        self.attrs = {"login_sleep_time": 0}
        self.path = None
        self.api_key = None
        self.secret_key = ""
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _Check(
            lambda email, password: check_credentials(store, vault, email, password, address, mark)
        )

    def ask(self) -> UserId | None:
        """Draw the form; return who signed in with it in this run.

        Raises:
            SignInError: e-mail or password is not right.
            TooManyAttemptsError: too many attempts.
        """
        self.login(location="main", fields=FIELDS, key="sign_in")
        return self.authentication_controller.user
