"""How much a jailed program may use, and which layers must hold before it is let in."""

from __future__ import annotations

from dataclasses import dataclass

from ustaz_kernels.errors import PolicyError

MIB = 1 << 20

#: Without these a learner's program is not run at all.
REQUIRED = ("namespaces", "network", "limits")


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one jail; all are enforced on the whole tree of processes unless said otherwise.

    Raises
    ------
    PolicyError
        A limit is not above 0, or `minimum` names an unknown layer.
    """

    wall_s: float = 60.0
    """Life of the jail, seconds, whatever its program does."""
    cpu_s: int = 30
    """Processor time of each process, seconds."""
    memory_bytes: int = 512 * MIB
    """Resident memory of all processes together, as a watchdog counts it."""
    address_factor: int = 2
    """How many times as much each process may address; beyond, Python raises MemoryError."""
    processes: int = 32
    """Processes and threads at the same time."""
    open_files: int = 128
    """Open files of each process."""
    file_bytes: int = 16 * MIB
    """Size of each file written; the private folders together hold four times as much."""
    output_bytes: int = 64 * 1024
    """Printed text that is kept; what is printed beyond is dropped."""
    answer_bytes: int = 512 * 1024
    """Longest answer of a program to one call of a test."""
    minimum: tuple[str, ...] = REQUIRED
    """Layers (see `probe`) without which nothing is run."""

    def __post_init__(self) -> None:
        """Refuse limits that are none."""
        for name in self.__slots__:
            limit = getattr(self, name)
            if name != "minimum" and not limit > 0:
                raise PolicyError(
                    "The limit {name} is {limit}; it must be above 0.", name=name, limit=limit
                )
        unknown = set(self.minimum) - {"namespaces", "network", "limits", "seccomp"}
        if unknown:
            raise PolicyError(
                "A policy requires the layer {name!r}, which is unknown. The layers are "
                "namespaces, network, limits and seccomp.",
                name=min(unknown),
            )
