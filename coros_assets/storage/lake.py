"""A folder or an S3 prefix as one kind of object store: list, get, put whole objects.

Belongs here: the only code that opens object stores. Does not: what the keys mean (`bronze/store.py`,
`io_managers.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote, urlsplit

from obstore import open_writer
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config

from coros_assets.errors import CorosError, first_line
from coros_assets.storage.folder import files_below

_FOLDER_SCHEMES: Final = ("", "file")
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT")
# Some MB must come through on a slow line; an answer that stops is asked for again, from where it stopped.
# As part of the configuration: `client_options` would put aside what the environment says of the client.
_CLIENT: Final[dict[str, Any]] = {"timeout": "5 minutes", "read_timeout": "1 minute"}
# A server that is busy or down is tried for some 15 seconds.
_RETRIES: Final[RetryConfig] = {"max_retries": 10, "backoff": {"init_backoff": timedelta(seconds=0.5)}}


@dataclass(frozen=True)
class StoredObject:
    """A listed object; `version` changes whenever its content is written again."""

    key: str
    size_bytes: int
    version: str
    modified: datetime


class ObjectStore:
    """Objects below one URI. Every put is atomic: readers see the old object or the new, never a part.

    Raises:
        CorosError: from every method, when the place cannot be reached or written; it names the place.
    """

    def __init__(self, uri: str) -> None:
        """Opens `uri`: a folder path, `file:///…` or `s3://bucket/prefix`; a folder is made if absent."""
        self.uri = uri
        with self._explained("opened"):
            self._store = _opened(uri)

    def __reduce__(self) -> tuple[Callable[[str], ObjectStore], tuple[str]]:
        """Travels to another process as its address; the process opens it once."""
        return _opened_once, (self.uri,)

    @property
    def folder(self) -> Path | None:
        """The folder on this machine, or None for S3."""
        return _folder(self.uri)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Every object below `prefix`, in no particular order."""
        with self._explained("listed"):
            if self.folder is not None:
                yield from (_listed(*found) for found in files_below(self.folder, prefix))
                return
            for chunk in self._store.list(prefix or None):
                for meta in chunk:
                    yield StoredObject(
                        meta["path"],
                        meta["size"],
                        meta["e_tag"] or str(meta["last_modified"]),
                        meta["last_modified"],
                    )

    def get(self, key: str) -> bytes:
        """The object's bytes; KeyError if there is none."""
        with self._found(key):
            return bytes(self._store.get(key).bytes())

    def part(self, key: str, start: int, end: int) -> bytes:
        """The object's bytes from `start` to before `end`, both within it; KeyError if there is none."""
        with self._found(key):
            return bytes(self._store.get_range(key, start=start, end=end))

    def pieces(self, key: str) -> Iterator[memoryview]:
        """The object's bytes, some megabytes at a time; KeyError if there is none."""
        with self._found(key):
            for piece in self._store.get(key).stream():
                yield memoryview(piece)

    def put_pieces(self, key: str, pieces: Iterable[memoryview]) -> None:
        """Writes the object from pieces, in whole or not at all, replacing what was there."""
        with self._explained("written"), open_writer(self._store, key) as writer:
            for piece in pieces:
                writer.write(piece)

    def put(self, key: str, data: bytes) -> None:
        """Writes the object, replacing what was there."""
        with self._explained("written"):
            self._store.put(key, data)

    def put_new(self, key: str, data: bytes | memoryview) -> bool:
        """Writes the object unless it exists; False if it did, and nothing was changed.

        False also where it was written and the acknowledgement was lost: tried again, it is found to exist.
        """
        with self._explained("written"):
            try:
                self._store.put(key, data, mode="create")
            except AlreadyExistsError:
                return False
            return True

    def put_content(self, key: str, data: bytes | memoryview) -> bool:
        """Writes an object whose key is made of its content; False if just these bytes were there.

        Other bytes under such a key are damaged ones, and are replaced.
        """
        if self.put_new(key, data):
            return True
        with suppress(KeyError):
            if self.get(key) == data:
                return False
        self.put(key, bytes(data))
        return True

    def keeps_versions(self) -> bool:
        """True for a bucket that keeps what is overwritten or deleted, as its first object tells."""
        first = None if self.folder is not None else next(self.list(), None)
        if first is None:
            return False
        with self._found(first.key):
            return self._store.head(first.key)["version"] is not None

    def delete(self, *keys: str) -> None:
        """Removes the objects; those that do not exist are no failure."""
        with self._explained("written"):
            for some in ([key] for key in keys) if self.folder is not None else [keys]:
                with suppress(NotFoundError, FileNotFoundError):  # in a folder one of many would end them all
                    self._store.delete(some)

    @contextmanager
    def _found(self, key: str) -> Iterator[None]:
        with self._explained("read"):
            try:
                yield
            except (NotFoundError, FileNotFoundError) as error:
                raise KeyError(key) from error

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            raise CorosError(
                f"{self.uri} cannot be {action}: {first_line(error)}. Check that it exists, that you may "
                "write there, and for S3 the AWS credentials in the environment; if it was only busy, run "
                "the command again."
            ) from error


@dataclass(frozen=True)
class StoredBytes:
    """The bytes of an object that may be too large for memory: a slice is read when it is asked for."""

    store: ObjectStore
    key: str
    size_bytes: int

    def __len__(self) -> int:
        """Their number."""
        return self.size_bytes

    def __getitem__(self, where: slice) -> bytes:
        """Some of them that follow each other."""
        start, end, _ = where.indices(self.size_bytes)
        return self.store.part(self.key, start, end) if start < end else b""

    def pieces(self) -> Iterator[memoryview]:
        """All of them, some megabytes at a time."""
        return self.store.pieces(self.key)


def _listed(key: str, of_file: os.stat_result) -> StoredObject:
    microseconds = of_file.st_mtime_ns // 1000
    version = f"{of_file.st_ino:x}-{microseconds:x}-{of_file.st_size:x}"
    return StoredObject(key, of_file.st_size, version, datetime.fromtimestamp(microseconds / 1e6, UTC))


@cache
def _opened_once(uri: str) -> ObjectStore:
    return ObjectStore(uri)


def _folder(uri: str) -> Path | None:
    parts = urlsplit(uri)
    if parts.scheme not in _FOLDER_SCHEMES:
        return None
    return Path(unquote(parts.path) if parts.scheme else uri).expanduser().absolute()


def _opened(uri: str) -> LocalStore | S3Store:
    folder = _folder(uri)
    if folder is not None:
        return LocalStore(folder, mkdir=True)
    parts, config = urlsplit(uri), cast("S3Config", _CLIENT)  # its type leaves out the client's options
    if parts.scheme != "s3":
        raise CorosError(
            f"{uri} is neither a folder nor an s3:// address; see the settings table of the README."
        )
    if any("@" in os.environ.get(name, "") for name in _ENDPOINTS):
        raise CorosError("AWS_ENDPOINT_URL may not hold a user or a password; keys have their own variables.")
    return S3Store(parts.netloc, prefix=unquote(parts.path).strip("/"), config=config, retry_config=_RETRIES)
