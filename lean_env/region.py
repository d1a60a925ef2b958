"""The objects of a compiled module, as Lean's compactor lays them out; nothing here knows what they mean.

A file is a header (`olean_format`), a pointer to its root object, and the objects, each behind those that it points
to. A module that begins with `module` has three such files (`.olean`, `.olean.server`, `.olean.private`) written by one
compactor: each expects to be mapped at the next 64 KiB behind the one before, and points into those before it
(`lean_compacted_region_save` in `src/library/module.cpp`). They are read here as one region.

An object is `int32 count, uint16 size, uint8 fields, uint8 tag` (`lean_object` in `src/include/lean/lean.h`), then
fields, then scalars. A field is an address, or a small number if odd. An array is size, capacity, fields; a string is
size in bytes with the final zero, capacity, length, bytes. A big number is GMP's `int32 alloc, size; limb *data` or
Lean's `bool sign; size_t size; uint32 *digits` (`src/runtime/mpz.h`), with its digits behind it (`insert_mpz` in
`src/runtime/compact.cpp`).

Whatever the bytes are, a method answers or raises `BadOlean`. A pointer must lead to a lower address than the object it
is in, so nothing loops, and what is read in all can be bounded, so that sharing does not make a small file large.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from struct import Struct
from typing import Final, NamedTuple, TypeAlias

from lemmata.lean_env.olean_format import SIZE, BadOlean, Format, read_format

Buffer: TypeAlias = bytes | mmap.mmap

START: Final = SIZE + 8
"""Offset of the first object."""
NIL: Final = 1
"""The field of the empty list, the anonymous name, `Level.zero`."""
ALIGN: Final = 1 << 16
"""The address of each further file of a module is a multiple of this."""
ARRAY: Final = 246
STRING: Final = 249
_BIG: Final = 250  # tags up to 244 are constructors
_PAIR: Final = Struct("<QQ")
_WORDS: Final = tuple(Struct(f"<{n}Q") for n in range(9))


class Bounds(NamedTuple):
    """What may be asked of the reader."""

    largest: int
    """Bytes of a module."""
    reads: float
    """How many times so many bytes are read in all."""


UNTRUSTED: Final = Bounds(1 << 26, 8)
"""For what anybody may have written; of honest files less than their size is read."""
TRUSTED: Final = Bounds(1 << 30, math.inf)


class Region:
    """The memory that the files of one module make up. Addresses are offsets from its beginning."""

    def __init__(self, files: Sequence[Buffer], bounds: Bounds = UNTRUSTED) -> None:
        """Put the files of a module together.

        Args:
            files: one, or several in the order in which they were written.
            bounds: what may be asked.

        Raises:
            BadOlean: they cannot be read, or do not belong together (from every method: an object is damaged).
        """
        self.format: Format = read_format(files[0][:SIZE])
        if (size := sum(map(len, files))) > bounds.largest:
            raise BadOlean(f"{size:,} bytes, over {bounds.largest:,}")
        self._base = _head(files[0])[0]
        self.data = files[0] if len(files) == 1 else self._join(files)
        self.size = len(self.data)
        self._left = bounds.reads * self.size
        self.root = _PAIR.unpack_from(files[-1], SIZE - 8)[1]
        """The field that leads to the root object of the last file."""

    def _join(self, files: Sequence[Buffer]) -> bytes:
        joined = bytearray()
        for file in files:
            joined += bytes(-len(joined) % ALIGN)
            if read_format(file[:SIZE]) != self.format or _head(file)[0] != self._base + len(joined):
                raise BadOlean("the files of the module do not belong together")
            joined += file
        return bytes(joined)

    def spend(self, size: int) -> None:
        """Take what is read from what may be read in all, in bytes."""
        self._left -= size
        if self._left < 0:
            raise BadOlean("more sharing than an honest file has")

    def pointer(self, field: int, below: int) -> int:
        """Where the pointer in an object at `below` leads to."""
        at = field - self._base
        if field & 7 or not START <= at < below or at > self.size - 8:
            raise BadOlean("a pointer leads nowhere")
        return at

    def tag(self, field: int) -> int:
        """The tag of the object that a field points to."""
        return self.data[self.pointer(field, self.size) + 7]

    def words(self, at: int, count: int = 1) -> tuple[int, ...]:
        """So many words of 64 bits."""
        if at + 8 * count > self.size:
            raise BadOlean("an object does not fit into the file")
        self.spend(8 * count)
        layout = _WORDS[count] if count < len(_WORDS) else Struct(f"<{count}Q")
        words: tuple[int, ...] = layout.unpack_from(self.data, at)
        return words

    def byte(self, at: int, fields: int, index: int) -> int:
        """A byte of the scalars of a constructor with so many fields."""
        at += 8 + 8 * fields + index
        if at >= self.size:
            raise BadOlean("an object does not fit into the file")
        return self.data[at]

    def ctor(self, at: int, tag: int, fields: int) -> tuple[int, ...]:
        """The fields of the constructor at `at`, which must be of this tag and size."""
        if self.data[at + 7] != tag or self.data[at + 6] != fields:
            raise BadOlean(f"object {at}: wanted constructor {tag} with {fields} fields")
        return self._fields(at, at + 8, fields)

    def _fields(self, at: int, first: int, count: int) -> tuple[int, ...]:
        """The fields of the object at `at`, from the offset `first` on; a pointer among them leads down."""
        fields = self.words(first, count)
        low, high = self._base + START, self._base + at
        for field in fields:
            if not field & 1 and (field & 7 or not low <= field < high):
                raise BadOlean("a pointer leads nowhere")
        return fields

    def _object(self, field: int, tag: int) -> int:
        at = self.pointer(field, self.size)
        if self.data[at + 7] != tag:
            raise BadOlean(f"object {at}: wanted tag {tag}")
        return at

    def array(self, field: int) -> tuple[int, ...]:
        """The fields of an array."""
        at = self._object(field, ARRAY)
        return self._fields(at, at + 24, self.words(at + 8)[0])

    def list(self, field: int) -> list[int]:
        """The fields of a list's members."""
        items = []
        while field != NIL:
            head, field = self.ctor(self.pointer(field, self.size), 1, 2)
            items.append(head)
        return items

    def nat(self, field: int) -> int:
        """A natural number, small or big."""
        if field & 1:
            return field >> 1
        at = self._object(field, _BIG)
        if self.format.gmp:
            (size, digits), where, width = self.words(at + 8, 2), at + 24, 8
            count, negative = size >> 32, size >> 63
        else:
            (negative, count, digits), where, width = self.words(at + 8, 3), at + 32, 4
        if digits - self._base != where or negative & 0xFF or where + width * count > self.size:
            raise BadOlean(f"object {at}: bad big number")
        self.spend(width * count)
        return int.from_bytes(self.data[where : where + width * count], "little")

    def string(self, field: int) -> str:
        """A string."""
        at = self._object(field, STRING)
        size = self.words(at + 8)[0]  # bytes, the final zero counted
        if size < 1 or at + 32 + size > self.size or self.data[at + 31 + size]:
            raise BadOlean(f"object {at}: bad string")
        self.spend(size)
        try:
            return self.data[at + 32 : at + 31 + size].decode()
        except UnicodeDecodeError:
            raise BadOlean(f"object {at}: bad string") from None


def _head(file: Buffer) -> tuple[int, int]:
    """The address that a file expects and its root field."""
    if len(file) < START:
        raise BadOlean("an .olean that is cut off")
    address, root = _PAIR.unpack_from(file, SIZE - 8)
    if address % ALIGN:
        raise BadOlean("an .olean at an impossible address")
    return address, root
