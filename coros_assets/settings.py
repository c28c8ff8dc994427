"""Every knob, in one typed class read from the environment (prefix `COROS_`) or a `.env` file.

Belongs here: names, defaults and validation of settings. Does not: opening what they point to
(`storage/`), or the runner's own numbers (`athlete.py`).
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from tzlocal import get_localzone_name

from coros_assets.addresses import is_coros, is_loopback
from coros_assets.errors import CorosError
from coros_assets.home_timezone import HomeTimezone

_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
HOME_SETTINGS: Final = "settings.env"  # in HOME: settings that belong to its data


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("coros-assets", appauthor=False)) / "home"


class Settings(BaseSettings):
    """Where data comes from, where it lives, and the zone of a runner whose file does not say."""

    model_config = SettingsConfigDict(
        env_prefix="COROS_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=_default_home, description="Folder of everything kept on this machine")
    landing_uri: str = Field(
        default="",
        description="Where activity files are dropped: a folder or s3://bucket/prefix; empty: HOME/landing",
    )
    lake_uri: str = Field(
        default="",
        description="Where bronze and silver live: a folder or s3://bucket/prefix; empty: HOME/lake",
    )
    arrivals_queue_url: str = Field(
        default="",
        description="SQS queue in which S3 tells of new objects in landing; empty: landing is listed",
    )
    warehouse_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL URL of the warehouse; empty: the embedded server"
    )
    warehouse_iam_region: str = Field(
        default="",
        description="AWS region of a server on RDS that takes IAM tokens; empty: the password of the URL",
    )
    home_timezone: Annotated[HomeTimezone, NoDecode] = Field(
        default_factory=lambda: HomeTimezone.parse(get_localzone_name()),
        description="IANA zone, with dated moves, of activities that name none; default: this machine's",
    )
    roster: str = Field(
        default="", description="Roster file (.ics, .csv, .xlsx, .toml); empty: the newest in HOME/roster"
    )
    roster_codes: str = Field(
        default="", description="TOML file of what the roster's titles mean; empty: HOME/roster_codes.toml"
    )
    wellness: str = Field(
        default="", description="Wellness file (.csv, .json or .txt); empty: the newest in HOME/wellness"
    )
    athlete: str = Field(
        default="", description="TOML file of the runner's dated values; empty: HOME/athlete.toml"
    )
    ask_url: str = Field(
        default="",
        description="OpenAI-compatible endpoint that `ask` sends schema and question to; empty: none",
    )
    ask_model: str = Field(default="", description="Name of the model at that endpoint")
    ask_key: SecretStr = Field(default=SecretStr(""), description="Its key; empty: it asks for none")
    sync: bool = Field(
        default=False,
        description="Whether the asset graph fetches from COROS; `coros-assets sync` always does",
    )
    sync_url: str = Field(
        default="https://mcp.coros.com/mcp",
        description="COROS's MCP server; by region mcpcn, mcpeu or mcpus instead of mcp",
    )
    sync_token: SecretStr = Field(
        default=SecretStr(""), description="Access token of COROS; empty: the login in the system's keyring"
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("landing_uri", "lake_uri")
    @classmethod
    def _without_credentials(cls, uri: str) -> str:
        """Addresses are shown in many places; keys have their own variables."""
        parts = urlsplit(uri)
        if parts.scheme not in ("", "file") and ("@" in parts.netloc or parts.query or parts.fragment):
            raise ValueError(
                "the address may hold a bucket and a prefix only; keys belong in AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, an endpoint in AWS_ENDPOINT_URL"
            )
        return uri

    @field_validator("ask_url")
    @classmethod
    def _private_on_its_way(cls, url: str) -> str:
        """Questions leave this machine encrypted, and to the named host alone."""
        parts = urlsplit(url)
        is_fit = is_loopback(url) or (parts.scheme == "https" and parts.hostname)
        if url and (not is_fit or "@" in parts.netloc or parts.query or parts.fragment):
            raise ValueError(
                "it must be https://host/path, or http:// on this machine, such as "
                "http://127.0.0.1:11434/v1; a key belongs in COROS_ASK_KEY"
            )
        return url

    @field_validator("sync_url")
    @classmethod
    def _of_coros(cls, url: str) -> str:
        if not (is_coros(url) or is_loopback(url)):
            raise ValueError("it must be an https address of coros.com, such as https://mcpeu.coros.com/mcp")
        return url

    @field_validator("arrivals_queue_url")
    @classmethod
    def _of_a_queue(cls, url: str) -> str:
        """The address is shown where a tick says what it did."""
        parts = urlsplit(url)
        is_safe = is_loopback(url) or parts.scheme == "https"
        if url and (not is_safe or not parts.path.strip("/") or "@" in parts.netloc or parts.query):
            raise ValueError(
                "it is the https:// address of an SQS queue without anything secret in it, such as "
                "https://sqs.eu-central-1.amazonaws.com/123456789012/coros-arrivals"
            )
        return url

    @field_validator("warehouse_iam_region")
    @classmethod
    def _of_a_server(cls, region: str, info: ValidationInfo) -> str:
        """The embedded server takes no tokens."""
        if region and not _REGION.fullmatch(region):
            raise ValueError("it names an AWS region, such as eu-central-1")
        if region and not info.data.get("warehouse_url"):
            raise ValueError("COROS_WAREHOUSE_URL must name the server that takes tokens")
        return region

    @field_validator("home_timezone", mode="before")
    @classmethod
    def _dated_zones(cls, given: str | HomeTimezone) -> HomeTimezone:
        return given if isinstance(given, HomeTimezone) else HomeTimezone.parse(given)

    @cached_property
    def landing(self) -> str:
        """The landing URI, never empty."""
        return self.landing_uri or (self.home / "landing").as_uri()

    @cached_property
    def lake(self) -> str:
        """The lake URI, never empty."""
        return self.lake_uri or (self.home / "lake").as_uri()

    @cached_property
    def roster_path(self) -> Path:
        """The roster file, or the folder whose newest roster counts."""
        return Path(self.roster).expanduser() if self.roster else self.home / "roster"

    @cached_property
    def roster_codes_path(self) -> Path:
        """The TOML file of the roster's codes; it need not exist, and lies outside the rosters' folder."""
        return Path(self.roster_codes).expanduser() if self.roster_codes else self.home / "roster_codes.toml"

    @cached_property
    def wellness_path(self) -> Path:
        """The wellness file, or the folder whose newest one counts."""
        return Path(self.wellness).expanduser() if self.wellness else self.home / "wellness"

    @cached_property
    def athlete_path(self) -> Path:
        """The athlete's TOML file; it need not exist."""
        return Path(self.athlete).expanduser() if self.athlete else self.home / "athlete.toml"


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process: environment, then `.env` here, then `settings.env` in the home.

    Raises:
        CorosError: a value cannot be used; one sentence about the first.
    """
    try:
        home = Settings(**overrides).home
        return Settings(_env_file=(home / HOME_SETTINGS, ".env"), **overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "COROS_" + "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise CorosError(f"The setting {name} cannot be used: {reason}.") from error


def pin_home_timezone(settings: Settings) -> None:
    """Writes the home zone into the home's own settings, if nothing names it yet.

    The default is the machine's zone; without this a journey with the laptop would move the dates of
    every run that has no position.
    """
    if "home_timezone" in settings.model_fields_set:
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / HOME_SETTINGS).open("a", encoding="utf-8") as file:
        file.write(f"COROS_HOME_TIMEZONE={settings.home_timezone}\n")
