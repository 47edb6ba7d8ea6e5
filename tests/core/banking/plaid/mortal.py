"""A process that can be made to die while it syncs: at a call to Plaid, at a commit, or between reading and keeping."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from core.banking.plaid import PlaidProvider
from core.banking.plaid.client import PlaidClient


class KilledError(BaseException):
    """The process ends here."""


@dataclass
class Fuse:
    """Where the next process dies: after so many calls to Plaid, so many commits, or between reading and keeping."""

    calls: int | None = None
    commits: int | None = None
    fetched: bool = False

    def call(self) -> None:
        self.calls = self._burnt(self.calls)

    def commit(self, _connection: Connection) -> None:
        self.commits = self._burnt(self.commits)

    @staticmethod
    def _burnt(left: int | None) -> int | None:
        if left == 0:
            raise KilledError
        return left if left is None else left - 1


FUSE: Final = Fuse()


class MortalClient(PlaidClient):
    def call(self, route: str, request: Any, answer: type[Any]) -> Any:
        FUSE.call()
        return super().call(route, request, answer)


class MortalProvider(PlaidProvider):
    def changes(self, access_token: str, cursor: str) -> Any:
        news = super().changes(access_token, cursor)
        if FUSE.fetched:
            raise KilledError
        return news
