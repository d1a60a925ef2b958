"""What the user points at: files, names, lines, standard input, bare statements."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lemmata.errors import SourceError
from lemmata.lean_env.target import (
    LARGEST,
    Target,
    decode,
    read_bytes,
    read_target,
    read_text,
    split_target,
    statement_problem,
)

TEXT = "theorem one : p := q\n\nnamespace A\n/-- Two. -/\ntheorem two : r := by\n  sorry\nend A\n"


def no_stdin() -> bytes:
    raise AssertionError("standard input is not to be read")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "Two.lean"
    path.write_text(TEXT, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("Two.lean", "A.two"),
        ("./Two.lean:one", "one"),
        ("Two.lean:two", "A.two"),
        ("Two.lean:A.two", "A.two"),
        ("Two.lean#L1", "one"),
        ("Two.lean#L4", "A.two"),
        ("Two.lean#L6", "A.two"),
    ],
)
def test_a_theorem_of_a_file(file: Path, spec: str, name: str) -> None:
    found = read_target(spec, stdin=no_stdin)
    assert found.name == name
    assert found.text == TEXT
    assert found.file is not None
    assert Path(found.file).resolve() == file


@pytest.mark.parametrize(("spec", "name"), [("-", "A.two"), ("-:one", "one"), ("-#L1", "one")])
def test_a_theorem_of_standard_input(spec: str, name: str) -> None:
    found = read_target(spec, stdin=TEXT.encode)
    assert (found.name, found.text, found.file) == (name, TEXT, "standard input")


@pytest.mark.parametrize("name", ["Two.lean:one", "Two.lean#L1", "a:b#L7.lean"])
def test_a_file_whose_own_name_looks_like_a_target_wins(file: Path, name: str) -> None:
    (file.parent / name).write_text("theorem own : p := q")
    assert read_target(name, stdin=no_stdin).name == "own"
    assert read_target(f"{name}:own", stdin=no_stdin).name == "own"


def test_the_text_is_kept_byte_for_byte(file: Path) -> None:
    content = "-- é\r\ntheorem t :\r\n  p := by\r\n  sorry".encode()
    file.write_bytes(content)
    found = read_target(str(file), stdin=no_stdin)
    assert found.text.encode() == content
    assert found.lead == "-- é\r\n"
    assert found.statement == "theorem t :\r\n  p"


def test_the_answer_is_passed_on(file: Path) -> None:
    file.write_text("abbrev t_solution : ℕ := sorry\ntheorem t : t_solution = 1 := sorry\n")
    assert "t_solution : ℕ := 1\n" in read_target(str(file), stdin=no_stdin, answer="1").preamble


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "the target is empty: expected FILE, FILE:name, FILE#L42 or -"),
        ("Tow.lean", "Tow.lean: no such file; nearest: Two.lean"),
        ("none/Two.lean", "none/Two.lean: no such file"),
        ("zzz:one", "zzz: no such file"),
        (".", ".: a folder, expected a Lean file"),
        (".:one", ".: a folder, expected a Lean file"),
        ("Two.lean/x", "Two.lean/x: cannot be read: Not a directory"),
        ("x" * 300, "x" * 300 + ": cannot be read: File name too long"),
        ("a\0b", "a\0b: cannot be read: embedded null byte"),
        ("Two.lean:", "Two.lean:: no such file"),
        ("Two.lean:tow", "Two.lean: no theorem is named tow; nearest: A.two (line 5)"),
        ("Two.lean#L99", "Two.lean:99: no declaration stands at this line"),
        ("-:three", "standard input: no theorem is named three"),
    ],
)
def test_a_target_that_cannot_be_read(file: Path, spec: str, message: str) -> None:
    assert file.exists()
    with pytest.raises(SourceError) as raised:
        read_target(spec, stdin=TEXT.encode)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "standard input: the file is empty"),
        (b" \r\n", "standard input: the file is empty"),
        ("\ufefftheorem t : p := sorry".encode(), "standard input:1: begins with a byte order mark"),
        (b"-- only\n", "standard input: no theorem found"),
        (b"theorem t :\n  p = \xff := sorry", "standard input:2: not UTF-8 text (byte 18 is 0xff)"),
        ("théorème".encode("latin-1"), "standard input:1: not UTF-8 text (byte 2 is 0xe9)"),
        ("theorem".encode("utf-16"), "standard input:1: not UTF-8 text (byte 0 is 0xff)"),
    ],
)
def test_content_that_is_no_theorem(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_target("-", stdin=lambda: content)
    assert str(raised.value).startswith(message)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read(file: Path) -> None:
    file.chmod(0)
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        read_target(str(file), stdin=no_stdin)


@pytest.mark.parametrize(
    ("spec", "target"),
    [
        ("F.lean", Target("F.lean")),
        ("a/F.lean:x.y", Target("a/F.lean", name="x.y")),
        ("a:b.lean:x", Target("a:b.lean", name="x")),
        ("F.lean#L12", Target("F.lean", line=12)),
        ("F.lean#Lx", Target("F.lean#Lx")),
        (":x", Target(":x")),
        ("-", Target("-")),
    ],
)
def test_how_a_target_is_read(spec: str, target: Target) -> None:
    assert split_target(spec) == target


@pytest.mark.parametrize(
    ("statement", "proof"),
    [
        ("theorem t (n : ℕ) : n = n", ""),
        ("  lemma t (n : ℕ) : n = n := sorry\n", " := sorry"),
        ("theorem t (n : ℕ) : n = n := by", " := by"),
        ("/-- Why. -/ @[simp] theorem t (n : ℕ) : n = n :=\n  rfl", " :=\n  rfl"),
    ],
)
def test_a_bare_statement(statement: str, proof: str) -> None:
    found = statement_problem(statement, "-- theorem x : y := sorry\nopen Nat")
    assert (found.name, found.proof, found.suffix) == ("t", proof, "\n")
    assert found.statement.endswith(" t (n : ℕ) : n = n")
    assert found.preamble == "-- theorem x : y := sorry\nopen Nat\n"
    assert found.file is None


def test_the_statement_is_meant_not_its_header() -> None:
    header = "theorem t : p := sorry\nabbrev u_solution : ℕ := sorry\n"
    found = statement_problem("-- first\n\ntheorem u : q", header, answer="3")
    assert (found.name, found.statement) == ("u", "theorem u : q")
    assert "u_solution : ℕ := 3\n" in found.preamble


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (" ", "the statement is empty: expected `theorem NAME binders : PROPOSITION`"),
        ("∀ n : ℕ, n = n", "a statement without `theorem NAME` cannot be a target: expected `theorem NAME"),
        ("example : p", "a statement that begins with `example` cannot be a target: expected `theorem"),
        ("def f : p := q", "a statement that begins with `def` cannot be a target"),
        ("theorem : p", "the theorem has no name: expected"),
        ("theorem a : p\ntheorem b : q", "2 declarations are given, not one statement"),
        ("theorem t := sorry", "1: theorem t says nothing: expected `: PROPOSITION`"),
        ("theorem t : p /-", "1: this comment is never closed"),
    ],
)
def test_a_statement_that_is_none(statement: str, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        statement_problem(statement)
    assert str(raised.value).startswith(message)


def test_decoding_says_where_it_fails() -> None:
    assert decode("ℕ\r\n".encode(), "f") == "ℕ\r\n"
    with pytest.raises(SourceError) as raised:
        decode(b"a\nb\xc3", "f.lean")
    assert (raised.value.file, raised.value.line) == ("f.lean", 2)


@pytest.mark.parametrize("read", [read_bytes, read_text, read_target])
def test_what_has_no_end_is_not_read(tmp_path: Path, read: Callable[[str], object]) -> None:
    pipe, large = tmp_path / "pipe", tmp_path / "large.lean"
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(SourceError, match=r"pipe: not a plain file; standard input goes by the name `-`"):
        read(str(pipe))
    with pytest.raises(SourceError, match=r"large\.lean: over 16 MiB"):
        read(str(large))
