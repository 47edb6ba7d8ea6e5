"""The tables of people: who can sign in and by what, who is signed in where, and what happened."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class User(Base):
    """A person with an account here."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """As normalised by email-validator and case-folded: one person, one spelling."""
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str]
    is_owner: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    email_verified_at: Mapped[dt.datetime | None]
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    locale: Mapped[str] = mapped_column(String(35), default="en_US")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    month_start_day: Mapped[int] = mapped_column(default=1)
    week_start_day: Mapped[int] = mapped_column(default=0)
    """0 is Monday, 6 is Sunday."""
    last_change: Mapped[int] = mapped_column(default=0)
    """The number of the last write to this person's money."""
    sorted_change: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Up to which change transfers, refunds and categories were looked for by themselves."""
    generation: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Raised whenever rows are deleted for good: whoever follows by change numbers has to begin anew."""
    demo_days_ahead: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many days the person has let pass at the demo bank: their today is so far ahead of ours."""
    look: Mapped[str] = mapped_column(String(8), default="system", server_default=text("'system'"))
    """system, light or dark."""
    told_event: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """The newest audit event of theirs that was looked at for whether a letter has to tell of it."""
    need_share: Mapped[int] = mapped_column(default=50, server_default=text("50"))
    want_share: Mapped[int] = mapped_column(default=30, server_default=text("30"))
    """Of the income, in whole per cent; what is left to a hundred is to be saved."""
    warn_below: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default=text("0"))
    """What can be spent is not to fall below this; in the person's currency."""
    insights_mark: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    """A digest of what insights were last looked for in; "" before the first look."""
    first_steps_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person put the list of first steps away."""


class Session(Base):
    """One signed-in browser. The cookie holds a random token; only its hash is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    agent: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[dt.datetime | None]
    """When the person last proved in this browser who they are: by the second factor, or the password without one."""


class Attempt(Base):
    """A try at something limited (a sign-in, a sign-up); counted per user and per address."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "action", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(96))
    """A keyed hash of the e-mail or the address, never the thing itself."""
    at: Mapped[dt.datetime]


class Factor(Base):
    """A second factor: an authenticator app, a phone, or the e-mail address."""

    __tablename__ = "factors"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    """app, phone or email."""
    sealed: Mapped[str] = mapped_column(default="")
    """The app's secret or the phone's number, sealed by the vault; "" for the e-mail address."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest time step whose code was taken: that one and older ones are not taken again."""
    created_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    """It counts from then on: a code from it was typed."""


class RecoveryCode(Base):
    """One of the codes for the day on which the second factor is lost. Good once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[dt.datetime | None]


class Challenge(Base):
    """A code that was sent and is waited for. It rests here as a keyed digest, or at the provider only."""

    __tablename__ = "challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(8))
    """email, sms or voice."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    provider_key: Mapped[str] = mapped_column(String(64), default="")
    """The provider's id of the verification, "" for a code of our own."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[dt.datetime | None]
    """Used, used up, or replaced by a newer one."""


class OneTimeLink(Base):
    """A link that was sent by e-mail: good once, for one purpose, for an hour."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """verify, reset or change."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    """The address that it was sent to, and for which alone it speaks."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ExternalIdentity(Base):
    """Who a person is at a sign-in provider (OpenID Connect): its issuer and its name for them."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    last_login: Mapped[str] = mapped_column(String(64), default="")
    """The rank (time of issue, then a digest) of the newest identity token taken: none signs anybody in twice."""
    created_at: Mapped[dt.datetime]


class NoticeChoice(Base):
    """Whether a person wants letters about one kind of news. Where nothing is chosen, the kind's own default holds."""

    __tablename__ = "notice_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    by_letter: Mapped[bool]


class AuditEvent(Base):
    """Something about access or data that its owner may want to look up later. Only ever added to."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime]
    event: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(default="")
    """JSON with ids and counts; never an amount, a name or a token."""
    address: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    """A digest of this event and the one before it of the same person: a changed or missing one is seen."""
