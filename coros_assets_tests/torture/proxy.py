"""A TCP proxy on loopback that cuts the connection after so many bytes.

Belongs here: bytes and sockets. Does not: what the bytes mean (`s3_faults.py` speaks HTTP).
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from coros_assets_tests.servers import LOOPBACK

TO_SERVER, TO_CLIENT = "to the server", "to the client"
_PIECE = 2**16
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close throws away what was not sent and answers RST


@dataclass(frozen=True)
class Cut:
    """Ends a connection once `after` bytes have passed in a direction, counted over all connections."""

    direction: str
    after: int
    reset: bool

    @staticmethod
    def drawn(source: random.Random, passed: Counter[str]) -> Cut:
        """A cut anywhere in what passed in an undisturbed load."""
        direction = source.choice([TO_SERVER, TO_CLIENT])
        return Cut(direction, source.randrange(passed[direction]), source.random() < 0.5)


@dataclass
class Proxy:
    """Forwards connections to a port of this machine; `port` is its own."""

    to_port: int
    port: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    cuts: int = 0
    _cut: Cut | None = None

    def set(self, cut: Cut | None) -> None:
        """Counts from zero, and cuts once."""
        self.passed, self._cut = Counter(), cut

    async def serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or it is cut."""
        server, requests = await asyncio.open_connection(LOOPBACK, self.to_port)
        both = [answers, requests]
        pumps = [
            asyncio.create_task(self._pump(client, requests, TO_SERVER, both)),
            asyncio.create_task(self._pump(server, answers, TO_CLIENT, both)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(pumps)
            for writer in both:
                writer.close()
            await asyncio.gather(*(writer.wait_closed() for writer in both), return_exceptions=True)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        direction: str,
        both: list[asyncio.StreamWriter],
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(_PIECE):
                cut, passed = self._cut, self.passed[direction]
                self.passed[direction] += len(piece)
                if cut and cut.direction == direction and passed + len(piece) > cut.after:
                    self._cut, self.cuts = None, self.cuts + 1
                    target.write(piece[: cut.after - passed])
                    await target.drain()
                    if cut.reset:
                        for writer in both:
                            writer.get_extra_info("socket").setsockopt(
                                socket.SOL_SOCKET, socket.SO_LINGER, _RESET
                            )
                            writer.transport.abort()
                    return
                target.write(piece)
                await target.drain()


async def _cancelled(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _ended(server: asyncio.Server) -> None:
    server.close()
    await _cancelled(asyncio.all_tasks() - {asyncio.current_task()})


@contextmanager
def proxied(to_port: int) -> Iterator[Proxy]:
    """A proxy in a thread of its own, before a port of this machine."""
    proxy, loop = Proxy(to_port), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.serve, LOOPBACK, 0))
    proxy.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(_ended(server))
        loop.close()
