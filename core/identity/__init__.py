"""Who are you: users, passwords, sessions, limits and the audit trail."""

from core.identity.passwords import LONGEST, SHORTEST, check_strength
from core.identity.sessions import (
    LONG,
    SessionEntry,
    SignedIn,
    check_credentials,
    end_all_sessions,
    end_session,
    list_sessions,
    session_of,
    start_session,
)
from core.identity.users import (
    Profile,
    add_demo_user,
    add_user,
    all_users,
    change_password,
    delete_users,
    find_user,
    profile,
    sign_up,
    sign_up_open,
    stale_demo_users,
    update_profile,
)
from core.identity.ways import USUAL, Ways, guessed

__all__ = [
    "LONG",
    "LONGEST",
    "SHORTEST",
    "USUAL",
    "Profile",
    "SessionEntry",
    "SignedIn",
    "Ways",
    "add_demo_user",
    "add_user",
    "all_users",
    "change_password",
    "check_credentials",
    "check_strength",
    "delete_users",
    "end_all_sessions",
    "end_session",
    "find_user",
    "guessed",
    "list_sessions",
    "profile",
    "session_of",
    "sign_up",
    "sign_up_open",
    "stale_demo_users",
    "start_session",
    "update_profile",
]
