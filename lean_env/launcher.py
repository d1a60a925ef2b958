"""Limits itself, then becomes another program.

Started by path, `python -I -S launcher.py PARENT MEMORY FILE_SIZE TASKS CALLS READS ARGV...`. A program in plain Python
that imports nothing of the package, because it starts before every check (about 15 ms). The limits are set here and not
by the caller between fork and exec, where no Python code may run safely.

PARENT: the caller's process id; when the caller dies, by whatever signal, the kernel kills this process (Linux).
0 where something else does so once ARGV runs.
MEMORY: bytes of address space; with it the number of open files is limited, too. FILE_SIZE: bytes of any file that is
written. TASKS: processes and threads that this user may have (in this user namespace). 0 for no limit.
CALLS: 1 to give up all privileges (Linux) and forbid the system calls that reach around the limits (Linux with seccomp,
on x86-64 and ARM64), see below.
READS: folders and files, separated by colons; if there are any, this process may read and execute only what is in them
or in its folder, write below its folder only, open no TCP connection and send no signal to others (Linux with
Landlock, as far as the kernel's version goes). With CALLS it is forbidden as well what Landlock does not govern.
ARGV: a program and its arguments; where ARGV[0] is a shared library of Lean, its `lean_main` is called here instead,
in a process that has, whatever READS says, Landlock's limits on writing and TCP, and may execute nothing.
"""

import ctypes
import os
import resource
import signal
import stat
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 22, 24, 38
CAPABILITIES, CAPABILITY_VERSION = 64, 0x20080522  # as many as the kernel has room for
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls of Landlock, the same on every architecture
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REFER, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 13, 1 << 14
READS = READ_FILE | READ_DIR
WRITES = WRITE_FILE | sum(1 << right for right in range(4, 13))  # remove or make anything
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
ALL_TCP = SCOPED = 3  # bind and connect; abstract sockets and signals
OPEN_FILES = 1024
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN, AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54  # of a filter of system calls
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24  # where the filter finds them, and the low half of two arguments
ALLOW, REFUSE, ABSENT, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM and ENOSYS are the answers
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # its number, and its place in a pair below
UNKNOWN = 470  # later calls than those of Linux 6.18; x86-64 has the known ones once more from 2**30 on
NEW_USER = 0x10000000  # of clone: a user namespace, with all privileges in it
CLONE, CLONE3, LIMIT, CONTROL = (56, 220), (435, 435), (302, 261), (16, 29)  # the last two: prlimit64, ioctl
ANSWERS = ((RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW))
WHOSE, OF_ALL_FILES = 0xFF00, 0x5400  # of a request of ioctl: the kind of file it is for; every file
FORBIDDEN = (
    *((41, 198), (53, 199)),  # socket, socketpair
    *((319, 279), (447, 447), (278, 75)),  # memfd_create, memfd_secret, vmsplice: memory that is no process's
    *((29, 194), (30, 196), (31, 195)),  # shmget, shmat, shmctl: the same, and that of other programs
    *((68, 186), (69, 189), (70, 188), (71, 187), (240, 180), (241, 181)),  # msgget, -snd, -rcv, -ctl; mq_open, -unlink
    *((64, 190), (65, 193), (66, 191), (220, 192)),  # semget, semop, semctl, semtimedop
    *((253, -1), (294, 26), (300, 262)),  # inotify_init, inotify_init1, fanotify_init: what others do with files
    *((250, 219), (248, 217), (249, 218), (103, 116)),  # keyctl, add_key, request_key, syslog: keys, the kernel's log
    *((101, 117), (272, 97), (308, 268)),  # ptrace, unshare, setns
    *((425, 425), (321, 280), (298, 241), (323, 282)),  # io_uring_setup, bpf, perf_event_open, userfaultfd: what the
)  # kernel's faults are mostly reached by, and no Lean needs
UNGOVERNED = (  # by Landlock: what files are besides their content, and how other processes run
    *((90, -1), (91, 52), (268, 53), (452, 452)),  # chmod, fchmod, fchmodat, fchmodat2
    *((92, -1), (93, 55), (94, -1), (260, 54)),  # chown, fchown, lchown, fchownat
    *((132, -1), (235, -1), (261, -1), (280, 88)),  # utime, utimes, futimesat, utimensat
    *((188, 5), (189, 6), (190, 7), (463, 463), (469, 469)),  # setxattr, l-, f-, -at, file_setattr
    *((197, 14), (198, 15), (199, 16), (466, 466)),  # removexattr, l-, f-, -at
    *((141, 140), (142, 118), (144, 119), (203, 122), (314, 274)),  # setpriority; sched_setparam, -scheduler,
    (251, 30),  # -affinity, -attr; ioprio_set
)
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


def _end_if_unheard() -> None:
    """End where nobody is left to read what is written: the caller died while this process was on its way."""
    import select

    poll = select.poll()
    poll.register(1, 0)
    if any(event & select.POLLERR for _, event in poll.poll(0)):
        os._exit(1)


def _confine(reads: list[str], *, execute: bool) -> None:
    """Keep this process to its folder for writing, and to `reads` for reading if there are any, where Linux can do it.

    Landlock, see the kernel's userspace-api/landlock; an older kernel or another system has none.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    writes = WRITES | (REFER if version > 1 else 0) | (TRUNCATE if version > 2 else 0)
    handled = writes | (READS if reads else 0) | (EXECUTE if reads or not execute else 0)
    rules = struct.pack("=QQQ", handled, ALL_TCP, SCOPED)[: 24 if version > 5 else 16 if version > 3 else 8]
    ruleset = libc.syscall(CREATE_RULESET, rules, len(rules), 0)
    looked = READS | (EXECUTE if execute else 0)
    for path, access in ((".", writes | looked), ("/dev/null", WRITE_FILE | TRUNCATE), *((r, looked) for r in reads)):
        _allow(libc, ruleset, path, access & handled)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
        sys.exit(f"cannot confine it: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(opened).st_mode):
        access &= OF_FILES
    if access:
        libc.syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", access, opened), 0)
    os.close(opened)


def _give_up_privileges() -> None:
    """Leave this process, root's too, and all that it starts without any capability, so that no limit can be raised."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # who may not do so gets none by the line below
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.capset(struct.pack("=Ii", CAPABILITY_VERSION, 0), bytes(24)) != 0:
        sys.exit(f"cannot give up its privileges: {os.strerror(ctypes.get_errno())}")


def _forbid(*, landlocked: bool) -> None:
    """Have some system calls refused, of this process and all that it starts, where their numbers are known."""
    if sys.platform != "linux" or os.uname().machine not in ARCHITECTURES:
        return
    architecture, column = ARCHITECTURES[os.uname().machine]
    pairs = (*FORBIDDEN, *(UNGOVERNED if landlocked else ()))
    calls = [pair[column] for pair in pairs if pair[column] >= 0]
    program = [
        *((LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)),
        *((AT_LEAST, 0, 1, UNKNOWN), (RETURN, 0, 0, ABSENT), (EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ABSENT)),
        *((EQUAL, 0, 4, CLONE[column]), (LOAD, 0, 0, FIRST), (ANY_BIT, 0, 1, NEW_USER), *ANSWERS),
        *((EQUAL, 0, 4, LIMIT[column]), (LOAD, 0, 0, FIRST), (EQUAL, 1, 0, 0), *ANSWERS),  # of itself, which is 0
    ]
    if landlocked:
        program += [(EQUAL, 0, 5, CONTROL[column]), (LOAD, 0, 0, SECOND), (AND, 0, 0, WHOSE)]
        program += [(EQUAL, 1, 0, OF_ALL_FILES), *ANSWERS]
    program += [(EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    program += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, 2, struct.pack("@HP", len(program), ctypes.addressof(code)), 0, 0) != 0:
        sys.exit(f"cannot forbid it system calls: {os.strerror(ctypes.get_errno())}")


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


def _main(numbers: list[int], reads: list[str], argv: list[str]) -> None:
    parent, memory, file_size, tasks, calls = numbers
    _limit(resource.RLIMIT_CORE, 0)
    if file_size:
        _limit(resource.RLIMIT_FSIZE, file_size)
    if memory:
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
        _limit(resource.RLIMIT_AS, memory)
    if tasks:
        _limit(resource.RLIMIT_NPROC, tasks)
    for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):  # Python changed what these do
        signal.signal(number, signal.SIG_DFL)
    if parent:
        _die_with(parent)
    else:
        _end_if_unheard()
    if calls:
        _give_up_privileges()
        _forbid(landlocked=bool(reads))
    if argv[0].endswith(".so"):
        _confine(reads, execute=False)
        os._exit(_call_lean_main(argv))
    if reads:
        _confine(reads, execute=True)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        sys.exit(f"cannot start {argv[0]}: {error.strerror}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:6]]
    _main(numbers, [r for r in sys.argv[6].split(":") if r], sys.argv[7:])
