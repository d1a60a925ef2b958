"""Tries to get out of a sandbox: `escapes.py ATTEMPT...` makes one attempt after the other.

An attempt is a function's name and its arguments, separated by blanks. Prints as JSON what came of each: `null` for
what worked, the error's name for what did not; some attempts tell what they saw instead.
"""

import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

PTRACE_SEIZE, CLONE_NEWUSER, CLONE_NEWNS = 0x4206, 0x10000000, 0x20000
PROCESSES = 300


def checked(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "")


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def read(path: str) -> object:
    return Path(path).read_text(encoding="utf-8")


def listed(path: str) -> object:
    return sorted(p.name for p in Path(path).iterdir())


def write(path: str) -> object:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("escaped")


def opened(path: str) -> object:
    os.close(os.open(path, os.O_WRONLY))


def remove(path: str) -> object:
    Path(path).unlink()


def replaced(path: str) -> object:
    Path("mine").touch()
    Path("mine").rename(path)


def mode(path: str) -> object:
    Path(path).chmod(0o777)


def link(path: str) -> object:
    Path("link").symlink_to(path)
    return read("link")


def tcp(port: str) -> object:
    socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()


def udp(port: str) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"escaped", ("127.0.0.1", int(port)))


def abstract(name: str) -> object:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"\0{name}")


def processes() -> object:
    numbers = [p for p in Path("/proc").iterdir() if p.name.isdecimal()]
    return [(p / "cmdline").read_bytes().decode().split("\0")[0] for p in numbers]


def send(pid: str) -> object:
    os.kill(int(pid), signal.SIGCONT)


def trace(pid: str) -> object:
    checked(libc().ptrace(PTRACE_SEIZE, int(pid), None, None))


def hidden(size: str) -> object:
    """Memory that belongs to no process."""
    handle = os.memfd_create("hidden")
    os.write(handle, b"x" * int(size))
    return size


def shared() -> object:
    checked(segment := libc().shmget(0, 1 << 20, 0o1600))
    checked(libc().shmctl(segment, 0, None))  # removed


def key() -> object:
    """The keys of the session."""
    number = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
    checked(libc().syscall(number, 0, -3, 1))


def namespace() -> object:
    checked(libc().unshare(CLONE_NEWUSER))


def mounted() -> object:
    checked(libc().unshare(CLONE_NEWNS))
    checked(libc().mount(b"none", b"/tmp", b"tmpfs", 0, None))


def status() -> object:
    lines = (line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return {name: value.strip() for name, value in lines}


def environment() -> object:
    return dict(os.environ)


def execute(program: str) -> object:
    if (child := os.fork()) == 0:
        os.execv(program, [program])
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fill(path: str, size: str) -> object:
    """As many bytes as there is room for, up to `size`."""
    block, written = b"x" * (1 << 20), 0
    with Path(path).open("wb", buffering=0) as file:
        while written < int(size):
            written += file.write(block)
    return written


def grow(path: str, size: str) -> object:
    with Path(path).open("wb") as file:
        file.truncate(int(size))


def crowd(count: str) -> object:
    Path("file").touch()
    for number in range(int(count)):
        os.link("file", f"file{number}")
    stay()


def multiply() -> object:
    """Forks again and again; each stays."""
    for _ in range(PROCESSES):
        if os.fork() == 0:
            stay()
    stay()


def swell(size: str) -> object:
    """A grandchild takes memory; each stays."""
    if os.fork() == 0:
        held = [bytearray(b"x") * (1 << 20) for _ in range(int(size))]
        stay(held)
    stay()


def survive(pipe: str, then: str) -> object:
    """A grandchild in a session of its own keeps a named pipe open; then this one ends or hangs."""
    writer = os.open(pipe, os.O_WRONLY)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            os.write(writer, b"alive\n")
            stay()
        os._exit(0)
    os.close(writer)
    os.wait()
    while then == "hang":
        signal.pause()


def end(code: str) -> object:
    os._exit(int(code))


def die(number: str) -> object:
    os.kill(os.getpid(), int(number))


def stay(_: object = None) -> None:
    while True:
        signal.pause()


def came_of(attempt: Callable[..., object], *arguments: str) -> object:
    try:
        return attempt(*arguments)
    except OSError as error:
        return type(error).__name__ if type(error) is not OSError else os.strerror(error.errno or 0)


if __name__ == "__main__":
    attempts = [word.split(" ") for word in sys.argv[1:]]
    sys.stdout.write(json.dumps([came_of(globals()[name], *arguments) for name, *arguments in attempts]) + "\n")
