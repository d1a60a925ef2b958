"""One server over HTTP: JSON there and back, and what every way of not answering means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import httpx

from lemmata.errors import ConfigError, InfrastructureError


class Trouble(StrEnum):
    """What kept a server from answering, as far as it matters for asking again."""

    BUSY = "busy"
    """It has no room."""
    CRASHED = "crashed"
    """It broke on the question, or its answer cannot be believed."""
    COLD = "cold"
    """It spent the time on getting ready."""
    SILENT = "silent"
    """It took the question and said nothing in time."""
    DOWN = "down"
    """It cannot be reached, or cannot work."""


STATUSES: Final[Mapping[int, Trouble]] = {
    413: Trouble.CRASHED,  # a proxy's bound on the text
    429: Trouble.BUSY,
    500: Trouble.CRASHED,
    502: Trouble.DOWN,
    503: Trouble.DOWN,
    504: Trouble.DOWN,
}
"""HTTP statuses that may pass. All others are final."""

ANSWER_LIMIT: Final = 16 << 20
"""Bytes of an answer that are read; a longer one is none."""
CONNECT_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 2.0
"""A connection unused for longer is not used again: the server is about to close it."""
_SHOWN: Final = 200


class Fault(Exception):
    """A server did not answer. What becomes of the question, `ATTEMPTS` says."""

    def __init__(self, trouble: Trouble, what: str, after: float = 0.0) -> None:
        self.trouble, self.what = trouble, what
        self.after = after
        """Seconds that the server asked to be left alone."""
        super().__init__(what)


def http_client(urls: Sequence[str]) -> httpx.AsyncClient:
    """Connections for some endpoints; how long an answer may take is said with each question."""
    return httpx.AsyncClient(
        verify=any(url.startswith("https:") for url in urls),  # reading all certificates takes a while
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_IDLE_SECONDS),
    )


class Endpoint:
    """One server. It keeps nothing between questions."""

    def __init__(self, url: str, client: httpx.AsyncClient, key: str | None = None) -> None:
        """Take its base URL, without a slash at the end, and the key that it is sent as a bearer token.

        Raises:
            ConfigError: it is no URL.
        """
        try:
            httpx.URL(url)
        except httpx.InvalidURL as error:
            raise ConfigError(f"kimina.urls: {url!r} is no URL: {error}") from None
        self.url, self._client, self._key = url, client, key

    async def get(self, path: str, seconds: float) -> object:
        """See `post`."""
        return await self._send("GET", path, seconds)

    async def post(self, path: str, question: object, seconds: float) -> object:
        """Send JSON and read JSON; ended on cancellation.

        Raises:
            Fault: no answer, see `Trouble`.
            ConfigError: it refuses the key or the request, or is no such server.
            InfrastructureError: it answers in a way that is not known.
        """
        return await self._send("POST", path, seconds, json.dumps(question).encode())

    async def _send(self, method: str, path: str, seconds: float, content: bytes | None = None) -> object:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream(method, self.url + path, content=content, headers=headers) as response,
            ):
                body = await _body(response)
        except TimeoutError:
            raise Fault(Trouble.SILENT, f"no answer within {seconds:.1f} s") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise Fault(Trouble.DOWN, self._named(error)) from None
        except httpx.RequestError as error:  # it had the question: that may be the cause
            raise Fault(Trouble.CRASHED, f"the connection broke: {self._named(error)}") from None
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response, body)
        try:
            answer: object = json.loads(body)
        except (ValueError, RecursionError):
            raise Fault(Trouble.CRASHED, f"its answer is no JSON: {self._shown(body)}") from None
        return answer

    def _refusal(self, response: httpx.Response, body: bytes) -> Exception:
        status, said = response.status_code, self._shown(body)
        if trouble := STATUSES.get(status):
            return Fault(trouble, f"HTTP status {status}: {said}", _retry_after(response.headers))
        who, hint = f"the server {self.url}", "kimina.urls takes base URLs of Kimina servers, 2.0 or later"
        if status in (401, 403):
            how = "refuses the key" if self._key else "asks for a key"
            return ConfigError(f"{who} {how} ({said}): set LEMMATA_KIMINA_API_KEY or kimina.key_file to one it takes")
        if status in (404, 405):
            return ConfigError(f"{who} has no {response.request.url.path}; {hint}")
        if response.is_redirect:
            there = response.headers.get("location")
            return ConfigError(f"{who} sends requests on to {there}: name that server in kimina.urls")
        if response.is_client_error:
            return ConfigError(f"{who} refuses what it is asked (HTTP status {status}: {said}); {hint}")
        return InfrastructureError(f"{who} answers with HTTP status {status}: {said}")

    def _named(self, error: Exception) -> str:
        return self._shown(str(error).encode()) or type(error).__name__

    def _shown(self, body: bytes) -> str:
        """The start of what it said, for a message; the key is in no message."""
        text = " ".join(body[: 4 * _SHOWN].decode(errors="replace").split())
        return (text.replace(self._key, "…") if self._key else text)[:_SHOWN]


async def _body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise Fault(Trouble.CRASHED, f"its answer is longer than {ANSWER_LIMIT >> 20} MiB")
    return bytes(body)


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds in the header `Retry-After`; 0 where there is none (a date is none: clocks differ)."""
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() else 0.0
