"""A certificate authority of the tests' own, and a PostgreSQL server that takes TLS only, as RDS does.

Belongs here: certificates and the server's rules. Does not: starting servers (`servers.py`).
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "warehouse.test"
"""The name that the server's certificate proves; `hostaddr` says where it is, as through a tunnel."""


class Authority:
    """Signs certificates; `root` is the file by which its work is known."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{folder.name} authority")])
        self.root = folder / "root.pem"
        self.root.write_bytes(_pem(self._certificate(self._name, self._key.public_key(), None)))

    def certify(self, host: str) -> tuple[bytes, bytes]:
        """Certificate and key of a host, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return _pem(self._certificate(name, key.public_key(), host)), private

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, host: str | None
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def require_tls(url: str, folder: Path, authority: Authority, *rules: str) -> None:
    """Has a server of `postgres_server(folder)` prove itself as `HOST`, and refuse whoever comes without TLS.

    `rules` go before its own in pg_hba.conf.
    """
    data = folder / "data"
    for name, content in zip(("server.crt", "server.key"), authority.certify(HOST), strict=True):
        (data / name).write_bytes(content)
        (data / name).chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(data / name, "postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET ssl = on")
        (data / "pg_hba.conf").write_text(
            "\n".join((*rules, "hostssl all all 127.0.0.1/32 scram-sha-256", ""))
        )
        connection.execute("SELECT pg_reload_conf()")


def over_tls(url: str) -> str:
    """The URL of such a server by the name that its certificate proves."""
    return url.replace("@127.0.0.1:", f"@{HOST}:") + "?hostaddr=127.0.0.1"
