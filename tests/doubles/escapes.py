"""Tries to get out of a sandbox: `escapes.py ATTEMPT...` makes one attempt after the other.

An attempt is a function's name and its arguments, separated by blanks. Prints as JSON what came of each: `null` for
what worked, the error's name for what did not; some attempts tell what they saw instead.
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

PTRACE_SEIZE, CLONE_NEWUSER, CLONE_NEWNS = 0x4206, 0x10000000, 0x20000
CLONE, KEYCTL, MQ_OPEN, MQ_UNLINK = {  # system calls
    "x86_64": (56, 250, 240, 241),
    "aarch64": (220, 219, 180, 181),
}.get(os.uname().machine, (0,) * 4)
NO_DUMP, NODUMP_REQUEST = 0x40, 0x40086602  # of a file's flags, and of ioctl to set them
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


def owner(path: str) -> object:
    os.chown(path, os.getuid(), os.getgid())


def times(path: str) -> object:
    os.utime(path, (0, 0))


def attribute(path: str) -> object:
    os.setxattr(path, "user.escaped", b"yes")


def no_attribute(path: str) -> object:
    os.removexattr(path, "user.kept")


def flags(path: str) -> object:
    with Path(path).open("rb") as file:
        checked(libc().ioctl(file.fileno(), NODUMP_REQUEST, ctypes.byref(ctypes.c_int(NO_DUMP))))


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


def attached(segment: str) -> object:
    """Shared memory of another program."""
    (attach := libc().shmat).restype = ctypes.c_void_p
    if (address := attach(int(segment), None, 0)) == ctypes.c_void_p(-1).value:
        checked(-1)
    return ctypes.string_at(address).decode()


def pair() -> object:
    for end in socket.socketpair():
        end.close()


def queue() -> object:
    checked(number := libc().msgget(0, 0o1600))
    checked(libc().msgctl(number, 0, None))  # removed


def semaphores() -> object:
    checked(number := libc().semget(0, 100, 0o1600))
    checked(libc().semctl(number, 0, 0))  # removed


def named_queue() -> object:
    name = f"lemmata-{os.getpid()}".encode()
    checked(libc().syscall(MQ_OPEN, name, os.O_RDWR | os.O_CREAT, 0o600, None))
    checked(libc().syscall(MQ_UNLINK, name))


def pinned() -> object:
    """A page that a pipe keeps when no process has it any more."""
    read, write = os.pipe()
    page = ctypes.create_string_buffer(4096)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(page), 4096)
    checked(libc().vmsplice(write, vector, 1, 0))
    os.close(read)
    os.close(write)


def call(number: str) -> object:
    """A system call that cannot work, as its arguments make no sense."""
    checked(libc().syscall(int(number), *[ctypes.c_long(-1)] * 6))


def limited(pid: str) -> object:
    """Another's limits, set to what they are."""
    resource.prlimit(int(pid), resource.RLIMIT_NOFILE, resource.prlimit(int(pid), resource.RLIMIT_NOFILE))


def raised() -> object:
    """Limits of its own."""
    try:
        for which in (resource.RLIMIT_CORE, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):
            more = resource.getrlimit(which)[1] + 1
            resource.setrlimit(which, (more, more))
    except ValueError as error:
        return str(error)
    return None


def patience(pid: str) -> object:
    """Another's priority, set to what it is."""
    os.setpriority(os.PRIO_PROCESS, int(pid), os.getpriority(os.PRIO_PROCESS, int(pid)))


def processors(pid: str) -> object:
    """Another's processors, set to what they are."""
    os.sched_setaffinity(int(pid), os.sched_getaffinity(int(pid)))


def key() -> object:
    """The keys of the session."""
    checked(libc().syscall(KEYCTL, 0, -3, 1))


def namespace() -> object:
    checked(libc().unshare(CLONE_NEWUSER))


def namespace_of_a_child() -> object:
    checked(child := libc().syscall(CLONE, CLONE_NEWUSER | signal.SIGCHLD, None, None, None, None))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


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
