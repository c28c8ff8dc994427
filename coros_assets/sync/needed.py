"""What the sync needs that is not always installed."""

from importlib.util import find_spec

from coros_assets.errors import SyncError


def require_extra() -> None:
    """Says how the extra is installed if it is not.

    Raises:
        SyncError: it is not.
    """
    if find_spec("mcp") is None or find_spec("keyring") is None:
        raise SyncError("The sync needs more packages: pip install 'coros-assets[sync]'.")
