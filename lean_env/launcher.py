"""Started by path as `python -I -S launcher.py PARENT MEMORY FILE_SIZE ARGV...`: limits itself, then becomes ARGV.

A program in plain Python that imports nothing of the package, because it starts before every check (about 15 ms).
The limits are set here and not by the caller between fork and exec, where no Python code may run safely.

PARENT: the caller's process id; when the caller dies, by whatever signal, the kernel kills this process (Linux).
MEMORY: bytes of address space, 0 for no limit. FILE_SIZE: bytes of any file that is written.
ARGV: a program and its arguments; where ARGV[0] is a shared library of Lean, its `lean_main` is called here instead,
in a process that may write below its folder only, execute nothing and open no TCP connection (Linux with Landlock).
"""

import ctypes
import os
import resource
import signal
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls of Landlock, the same on every architecture
EXECUTE, WRITE_FILE, REFER, TRUNCATE = 1 << 0, 1 << 1, 1 << 13, 1 << 14
WRITES = WRITE_FILE | sum(1 << right for right in range(4, 13))  # remove or make anything
ALL_TCP = 3
LAZY_GLOBAL = 0x101  # RTLD_LAZY | RTLD_GLOBAL; ctypes itself always binds every symbol at once, which takes 10 ms more


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _confine() -> None:
    """Let this process write only below its folder, execute nothing and open no TCP connection, where Linux can do it.

    Landlock, see the kernel's userspace-api/landlock; an older kernel or another system has none.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    handled = EXECUTE | WRITES | (REFER if version > 1 else 0) | (TRUNCATE if version > 2 else 0)
    rules = struct.pack("=QQ", handled, ALL_TCP) if version > 3 else struct.pack("=Q", handled)
    ruleset = libc.syscall(CREATE_RULESET, rules, len(rules), 0)
    for path, access in ((".", handled & ~EXECUTE), ("/dev/null", handled & (WRITE_FILE | TRUNCATE))):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", access, opened), 0)
        os.close(opened)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
        sys.exit(f"cannot confine it: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def _call_lean_main(argv: list[str]) -> int:
    libc = ctypes.CDLL(None)
    libc.dlopen.restype, libc.dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    handle = libc.dlopen(os.fsencode(argv[0]), LAZY_GLOBAL)
    if not handle:
        libc.dlerror.restype = ctypes.c_char_p
        sys.exit(f"cannot load it: {(libc.dlerror() or b'').decode(errors='replace')}")
    words = [b"lean", *map(os.fsencode, argv[1:])]
    code = ctypes.CDLL(argv[0], handle=handle).lean_main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None))
    libc.fflush(None)
    return int(code)


def _main(parent: int, memory: int, file_size: int, argv: list[str]) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, file_size)
    if memory:
        _limit(resource.RLIMIT_AS, memory)
    for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):  # Python changed what these do
        signal.signal(number, signal.SIG_DFL)
    _die_with(parent)
    if argv[0].endswith(".so"):
        _confine()
        os._exit(_call_lean_main(argv))
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        sys.exit(f"cannot start {argv[0]}: {error.strerror}")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
