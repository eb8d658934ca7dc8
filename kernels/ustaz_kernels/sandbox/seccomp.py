"""The filter of system calls, compiled by the C library libseccomp when the machine has it.

Denied: what reaches other processes, mounts, kernels, keys and clocks; new user namespaces; typing
into a terminal; memory that no limit counts (memfd, System V); and sockets of families that no
network namespace holds back (vsock, for one). UNIX, INET, INET6 and NETLINK stay: ipykernel and
libzmq abort without them, and in the jail they lead nowhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import tempfile

DENIED = [
    "memfd_create",
    "memfd_secret",
    "shmget",
    "msgget",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kcmp",
    "pidfd_getfd",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "mount_setattr",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "swapon",
    "swapoff",
    "open_by_handle_at",
    "name_to_handle_at",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "acct",
    "quotactl",
    "quotactl_fd",
    "personality",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "syslog",
    "iopl",
    "ioperm",
    "modify_ldt",
    "vhangup",
    "fanotify_init",
    "mbind",
    "set_mempolicy",
    "migrate_pages",
    "move_pages",
]

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_EQUAL, _GREATER_OR_EQUAL, _MASKED_EQUAL = 4, 5, 7
_NEW_USER_NAMESPACE = 0x10000000
#: Push characters into the terminal's input; select its text.
_TERMINAL_REQUESTS = (0x5412, 0x541C)
#: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK.
_SOCKET_FAMILIES = (1, 2, 10, 16)
_FAMILIES = 50


class _Argument(ctypes.Structure):
    """libseccomp's `struct scmp_arg_cmp`."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


def available() -> str:
    """Return an empty text, or why no filter can be made here."""
    try:
        return "" if program() else "the filter is empty"
    except OSError as error:
        return str(error)


@functools.lru_cache(maxsize=1)
def program() -> bytes:
    """Return the filter as the kernel's BPF instructions.

    Raises
    ------
    OSError
        libseccomp is not installed, or cannot make the filter.
    """
    library = _library()
    context = library.seccomp_init(_ALLOW)
    if not context:
        raise OSError(errno.ENOMEM, "libseccomp could not begin a filter")
    try:
        refuse = _ERRNO | errno.EPERM
        for name in DENIED:
            _rule(library, context, refuse, name)
        # Its flags lie behind a pointer that a filter cannot read; C libraries then use clone.
        _rule(library, context, _ERRNO | errno.ENOSYS, "clone3")
        namespace = _NEW_USER_NAMESPACE
        _rule(library, context, refuse, "clone", _Argument(0, _MASKED_EQUAL, namespace, namespace))
        for request in _TERMINAL_REQUESTS:
            _rule(
                library,
                context,
                refuse,
                "ioctl",
                _Argument(1, _MASKED_EQUAL, 0xFFFFFFFF, request),
            )
        unsupported = _ERRNO | errno.EAFNOSUPPORT
        for family in sorted(set(range(_FAMILIES)) - set(_SOCKET_FAMILIES)):
            _rule(library, context, unsupported, "socket", _Argument(0, _EQUAL, family, 0))
        _rule(
            library, context, unsupported, "socket", _Argument(0, _GREATER_OR_EQUAL, _FAMILIES, 0)
        )
        with tempfile.TemporaryFile() as file:
            failed = library.seccomp_export_bpf(context, file.fileno())
            if failed:
                raise OSError(-failed, "libseccomp could not write the filter")
            file.seek(0)
            return file.read()
    finally:
        library.seccomp_release(context)


def descriptor() -> int:
    """Return an open descriptor from which bubblewrap reads the filter; the caller closes it."""
    fd = os.memfd_create("ustaz-seccomp", 0)
    with contextlib.ExitStack() as undo:
        undo.callback(os.close, fd)
        os.write(fd, program())
        os.lseek(fd, 0, os.SEEK_SET)
        undo.pop_all()
    return fd


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_release.argtypes = [ctypes.c_void_p]
    library.seccomp_release.restype = None
    library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.POINTER(_Argument),
    ]
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return library


def _rule(
    library: ctypes.CDLL, context: int, action: int, name: str, *arguments: _Argument
) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:  # not known to this library, or not there on this processor
        return
    array = (_Argument * len(arguments))(*arguments)
    failed = library.seccomp_rule_add_array(context, action, number, len(arguments), array)
    if failed:
        raise OSError(-failed, f"libseccomp refused the rule for {name}")
