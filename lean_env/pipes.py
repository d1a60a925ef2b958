"""Pipes to and from a child process, read and written by callbacks: no task waits on them, none is left behind."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from typing import IO


class PipeEnd(asyncio.Protocol):
    """Our end of a pipe."""

    def __init__(self) -> None:
        self.closed = asyncio.get_running_loop().create_future()
        """Done when nothing more can come or go."""

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self.closed.set_result(None)


class Tail(PipeEnd):
    """Keeps the last `limit` bytes, so that the writer never blocks."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit, self._kept = limit, bytearray()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._kept += data
        if (over := len(self._kept) - self._limit) > 0:
            del self._kept[:over]

    @property
    def text(self) -> str:
        """What is kept."""
        return self._kept.decode(errors="replace")


async def drain(stack: AsyncExitStack, end: PipeEnd) -> IO[bytes]:
    """The writing end of a pipe whose data goes to `end`; all of it is closed with the stack."""
    read, write = os.pipe()
    writer = stack.enter_context(os.fdopen(write, "wb", 0))
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: end, os.fdopen(read, "rb", 0))

    async def close() -> None:
        transport.close()
        await end.closed

    stack.push_async_callback(close)
    return writer


async def fill(stack: AsyncExitStack) -> tuple[IO[bytes], asyncio.WriteTransport]:
    """The reading end of a pipe, and what writes to it without ever blocking; all of it is closed with the stack."""
    read, write = os.pipe()
    reader = stack.enter_context(os.fdopen(read, "rb", 0))
    transport, end = await asyncio.get_running_loop().connect_write_pipe(PipeEnd, os.fdopen(write, "wb", 0))

    async def close() -> None:
        if transport.get_write_buffer_size() or not transport.is_closing():  # else its end is already under way
            transport.abort()
        await end.closed

    stack.push_async_callback(close)
    return reader, transport
