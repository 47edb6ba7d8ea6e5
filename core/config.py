"""Settings, from the environment or a `.env` file beside the project. `.env.example` lists them all."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import ConfigurationError

ROOT: Final = Path(__file__).resolve().parent.parent
REFERENCE: Final = ROOT / "data" / "reference"
PRODUCTS: Final = frozenset({"transactions", "investments", "liabilities"})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MODEL_PROVIDERS: Final = ("gemini", "openai", "anthropic")
"""The protocols of language models, in the order in which they are asked unless told otherwise."""
COUNTRY: Final = re.compile(r"[A-Z]{2}")
DISCOVERY: Final = "/.well-known/openid-configuration"
"""Where every OpenID Connect provider describes itself, below its issuer's address."""
CALLBACK: Final = "/oauth2callback"
"""Where Streamlit takes people who come back from a sign-in provider."""
LONGEST_BUTTON: Final = 40
GOOGLE: Final = "https://accounts.google.com"
MICROSOFT: Final = "https://login.microsoftonline.com"
GITHUB: Final = "https://github.com"
TENANT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERSONAL: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal Microsoft accounts; it is the same for everybody."""
EVERYBODYS: Final = frozenset({"common", "organizations", "consumers"})
"""What Microsoft takes for a tenant in an address, though no token names it as its issuer."""
MANY: Final = EVERYBODYS - {"consumers"}
"""Those behind which there are many tenants, each with an issuer of its own."""
TENANT_ID: Final = "{tenantid}"
"""Stands in the issuer of many tenants for the one of a token, as Microsoft writes it."""

CommaSeparated = Annotated[tuple[str, ...], NoDecode]
"""A list written as a comma-separated string, never as JSON."""


class Settings(BaseSettings):
    """Everything that can be configured. Defaults make a working app with nothing set."""

    model_config = SettingsConfigDict(
        env_file=None,
        env_file_encoding="utf-8",
        extra="ignore",
        case_sensitive=False,
        frozen=True,
        env_ignore_empty=True,
    )

    fintrack_data_dir: Path = ROOT / "data"
    database_url: SecretStr = SecretStr("")
    fintrack_encrypt: bool = True
    fintrack_key_source: Literal["auto", "file", "environment", "passphrase", "keyring"] = "auto"
    fintrack_key: SecretStr = SecretStr("")
    fintrack_passphrase: SecretStr = SecretStr("")
    fintrack_key_file: Path | None = None
    fintrack_categorise: bool = True
    allow_sign_up: bool = True
    fintrack_hosts: CommaSeparated = ("127.0.0.1", "localhost", "[::1]")

    oidc_issuer_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "OpenID Connect"
    oidc_google_client_id: str = ""
    oidc_google_client_secret: SecretStr = SecretStr("")
    oidc_microsoft_client_id: str = ""
    oidc_microsoft_client_secret: SecretStr = SecretStr("")
    oidc_microsoft_tenant: str = ""
    oidc_microsoft_base_url: str = MICROSOFT
    oidc_github_client_id: str = ""
    oidc_github_client_secret: SecretStr = SecretStr("")
    oidc_github_url: str = GITHUB
    oidc_redirect_url: str = ""

    plaid_client_id: str = ""
    plaid_secret: SecretStr = SecretStr("")
    plaid_env: Literal["sandbox", "production"] = "sandbox"
    plaid_base_url: str = ""
    plaid_country_codes: CommaSeparated = ("US",)
    plaid_products: CommaSeparated = ("transactions",)
    plaid_webhook_url: str = ""

    coach_providers: CommaSeparated = MODEL_PROVIDERS
    coach_seconds: float = Field(default=120, ge=5, le=900)
    coach_silence_seconds: float = Field(default=45, ge=1, le=300)
    gemini_api_key: SecretStr = SecretStr("")
    gemini_base_url: str = ""
    gemini_model: str = "gemini-3.8-flash"
    gemini_models: CommaSeparated = ()
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    openai_model: str = "gpt-5.5"
    openai_models: CommaSeparated = ()
    anthropic_api_key: SecretStr = SecretStr("")
    anthropic_base_url: str = ""
    anthropic_model: str = "claude-sonnet-5-5"
    anthropic_models: CommaSeparated = ()

    vonage_application_id: str = ""
    vonage_private_key: SecretStr = SecretStr("")
    vonage_base_url: str = ""
    vonage_codes_a_day: int = Field(default=50, ge=1)
    vonage_codes_a_day_each: int = Field(default=10, ge=1)

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"

    @field_validator(
        "plaid_country_codes",
        "plaid_products",
        "fintrack_hosts",
        "coach_providers",
        "gemini_models",
        "openai_models",
        "anthropic_models",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("plaid_country_codes")
    @classmethod
    def _known_countries(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(code.upper() for code in codes)
        if not codes or any(not COUNTRY.fullmatch(code) for code in codes):
            raise ValueError("a comma-separated list of two-letter country codes such as US,GB,DE")
        return codes

    @field_validator("plaid_products")
    @classmethod
    def _known_products(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(name.lower() for name in names)
        if not PRODUCTS.issuperset(names):
            raise ValueError("a comma-separated list of transactions, investments, liabilities")
        return ("transactions", *(name for name in names if name != "transactions"))

    @field_validator("coach_providers")
    @classmethod
    def _known_providers(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(name.lower() for name in names))
        if not set(MODEL_PROVIDERS).issuperset(names):
            raise ValueError(f"a comma-separated list of {', '.join(MODEL_PROVIDERS)}")
        return names

    @field_validator("gemini_base_url", "openai_base_url", "anthropic_base_url")
    @classmethod
    def _address_of_a_model(cls, address: str) -> str:
        address = address.strip().rstrip("/")
        if address and not _is_web(address):
            raise ValueError("the address of a server, such as http://127.0.0.1:11434/v1")
        return address

    @field_validator("plaid_webhook_url")
    @classmethod
    def _secure_address(cls, address: str) -> str:
        if address and not _is_secure(address):
            raise ValueError("the https address under which Plaid reaches this machine, ending in /plaid/webhook")
        return address

    @field_validator("oidc_issuer_url")
    @classmethod
    def _secure_issuer(cls, address: str) -> str:
        address = address.strip().removesuffix(DISCOVERY)
        if address and (not _is_secure(address) or "?" in address or "#" in address):
            raise ValueError(
                "the https address of the sign-in provider (its issuer), such as https://accounts.google.com"
            )
        if address.startswith(MICROSOFT) and EVERYBODYS.intersection(urlsplit(address).path.split("/")):
            raise ValueError("at Microsoft the address of one tenant, or set OIDC_MICROSOFT_TENANT instead")
        return address

    @field_validator("oidc_microsoft_tenant")
    @classmethod
    def _one_tenant(cls, tenant: str) -> str:
        tenant = tenant.strip().lower()
        if tenant == "consumers":
            return PERSONAL
        if tenant and tenant not in MANY and not TENANT.fullmatch(tenant):
            raise ValueError(
                f"the tenant's id, such as {PERSONAL}, consumers for personal accounts, organizations for those of "
                "all companies, or common for both"
            )
        return tenant

    @field_validator("oidc_microsoft_base_url")
    @classmethod
    def _secure_cloud(cls, address: str) -> str:
        address = address.strip().rstrip("/")
        if not _is_host(address):
            raise ValueError(f"the https address of a Microsoft cloud, such as {MICROSOFT}")
        return address

    @field_validator("oidc_github_url")
    @classmethod
    def _secure_github(cls, address: str) -> str:
        # It becomes part of who people are: one spelling.
        address = address.strip().rstrip("/").lower()
        if not _is_host(address):
            raise ValueError(f"{GITHUB}, or the https address of your own GitHub Enterprise")
        return address

    @field_validator("oidc_redirect_url")
    @classmethod
    def _secure_callback(cls, address: str) -> str:
        if address and not (_is_secure(address) and urlsplit(address).path == CALLBACK and address.endswith(CALLBACK)):
            raise ValueError(f"the address of this server, https but on loopback, followed by {CALLBACK}")
        return address

    @field_validator("oidc_name")
    @classmethod
    def _short_name(cls, name: str) -> str:
        name = " ".join(name.split())
        if not 1 <= len(name) <= LONGEST_BUTTON:
            raise ValueError(f"the provider's name as the button says it, 1 to {LONGEST_BUTTON} characters")
        return name

    @field_validator("plaid_env", mode="before")
    @classmethod
    def _no_development(cls, value: object) -> object:
        if isinstance(value, str) and value.strip().lower() == "development":
            raise ValueError("Plaid closed its development environment; use sandbox or production")
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("fintrack_data_dir", "fintrack_key_file")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().resolve()

    @model_validator(mode="after")
    def _whole_providers(self) -> Self:
        """Refuse a sign-in provider that is half set, and two that can't be told apart."""
        issuers = []
        for names, issuer in (
            (("oidc_google_client_id", "oidc_google_client_secret"), GOOGLE),
            (
                ("oidc_microsoft_client_id", "oidc_microsoft_client_secret", "oidc_microsoft_tenant"),
                self.oidc_microsoft_issuer,
            ),
            (("oidc_github_client_id", "oidc_github_client_secret"), self.oidc_github_issuer),
            (("oidc_issuer_url", "oidc_client_id", "oidc_client_secret"), self.oidc_issuer_url.rstrip("/")),
        ):
            missing = [name.upper() for name in names if not _is_set(getattr(self, name))]
            if 0 < len(missing) < len(names):
                raise ValueError(f"{' and '.join(missing)}: needed too, beside what is set of this sign-in provider")
            issuers += [] if missing else [issuer]
        own = bool(self.oidc_client_id) and self.oidc_issuer_url
        one_of_many = self.oidc_microsoft_tenant in MANY and own and own.startswith(f"{self.oidc_microsoft_base_url}/")
        if len(set(issuers)) < len(issuers) or one_of_many:
            raise ValueError(
                "OIDC_ISSUER_URL: another provider than Google, Microsoft and GitHub, where those are set already"
            )
        return self

    @property
    def store_url(self) -> str:
        """Return the SQLAlchemy URL of the store: `DATABASE_URL`, else a SQLite file in the data directory."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.fintrack_data_dir / 'fintrack.db'}"
        return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)

    @property
    def store_file(self) -> Path | None:
        """Return the file of a SQLite store, None when it is a database server."""
        scheme, _, path = self.store_url.partition(":///")
        return Path(path.partition("?")[0]) if scheme.startswith("sqlite") else None

    @property
    def exports(self) -> Path:
        """Return the folder in which exports are written that wait to be downloaded."""
        return self.fintrack_data_dir / "exports"

    @property
    def plaid_configured(self) -> bool:
        """Tell whether both Plaid keys are set."""
        return bool(self.plaid_client_id and self.plaid_secret.get_secret_value())

    @property
    def oidc_microsoft_issuer(self) -> str:
        """Return the issuer of Microsoft's tokens for the tenant; for many of them with a gap where its id stands."""
        tenant = TENANT_ID if self.oidc_microsoft_tenant in MANY else self.oidc_microsoft_tenant
        return f"{self.oidc_microsoft_base_url}/{tenant}/v2.0"

    @property
    def oidc_github_issuer(self) -> str:
        """Return under which address GitHub's people are known here; GitHub signs tokens for others under it."""
        return f"{self.oidc_github_url}/login/oauth"

    @property
    def webhook_host(self) -> str:
        """Return the host name in `PLAID_WEBHOOK_URL`, "" when webhooks are not received."""
        return (urlsplit(self.plaid_webhook_url).hostname or "") if self.plaid_configured else ""


def _is_set(value: str | SecretStr) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _is_secure(address: str) -> bool:
    """Tell whether an address is https, or http on this machine."""
    try:
        scheme, host = urlsplit(address).scheme, urlsplit(address).hostname or ""
    except ValueError:
        return False
    return bool(host) and (scheme == "https" or (scheme == "http" and host in LOOPBACK))


def _is_host(address: str) -> bool:
    """Tell whether an address is secure, and a server's alone: nothing before or behind its host and port."""
    return _is_secure(address) and not urlsplit(address).path and not any(sign in address for sign in "?#@")


def _is_web(address: str) -> bool:
    """Tell whether an address is one of the web, in this network or out of it."""
    try:
        return urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def load(env_file: Path | None = None) -> Settings:
    """Read the settings from the environment, which goes first, and from `env_file`.

    Without `env_file` it is the file that FINTRACK_ENV_FILE names, else `.env` in the project.

    Raises:
        ConfigurationError: a value is wrong; every wrong one is named, no value is shown.
    """
    file = env_file or Path(os.environ.get("FINTRACK_ENV_FILE") or ROOT / ".env")
    try:
        return Settings(_env_file=file)
    except (OSError, UnicodeDecodeError) as cause:
        raise ConfigurationError(
            f"The settings file {file} can't be read as UTF-8 text.", "Mend or remove it."
        ) from cause
    except ValidationError as cause:
        # What is wrong of several settings together names them itself.
        wrong = "; ".join(
            ": ".join([*(str(part).upper() for part in error["loc"]), error["msg"].removeprefix("Value error, ")])
            for error in cause.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(
            f"A setting has a wrong value. {wrong}.", "Mend it in .env or the environment."
        ) from None


@cache
def settings() -> Settings:
    """Return the settings of this process, read once.

    Raises:
        ConfigurationError: as `load` does.
    """
    return load()
