"""Which layers of the jail hold on this machine, found by trying them."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from ustaz_kernels.errors import JailMissingError
from ustaz_kernels.sandbox import jail, seccomp
from ustaz_kernels.sandbox.policy import Policy

_REMEDY_NAMESPACES = (
    "allow user namespaces: sysctl -w user.max_user_namespaces=10000, on Debian also "
    "kernel.unprivileged_userns_clone=1, on Ubuntu 24 "
    "kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap; "
    "in Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
)
_REMEDY_BUBBLEWRAP = "install bubblewrap: apt-get install bubblewrap"
_REMEDY_SECCOMP = "install libseccomp: apt-get install libseccomp2"
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing that holds a program back."""

    name: str
    """"namespaces", "network", "limits" or "seccomp"."""
    present: bool
    reason: str
    """What was seen: how it is done here, or why it is not there."""
    remedy: str
    """What an administrator does about it; empty where it is present."""


@functools.lru_cache(maxsize=1)
def probe() -> tuple[Layer, ...]:
    """Return every layer, tried once per process by starting a jail."""
    seen, why, remedy = _try_jail()
    how = "root's own, with a user id per jail" if jail.drops_root() else "in a user namespace"
    layers = [
        Layer("namespaces", not why, why or f"bubblewrap {how}", remedy),
        _layer(
            "network", bool(why) or seen.get("interfaces") == ["lo"], why, remedy, "loopback only"
        ),
        _layer(
            "limits",
            bool(why) or seen.get("limited") is True,
            why,
            remedy,
            "by process, and a watchdog",
        ),
    ]
    missing = seccomp.available()
    layers.append(
        Layer(
            "seccomp",
            not missing and not why and seen.get("filtered") is True,
            why or missing or f"libseccomp, {len(seccomp.DENIED)} system calls denied",
            remedy or (_REMEDY_SECCOMP if missing else ""),
        )
    )
    return tuple(layers)


def demand(policy: Policy, layers: Iterable[Layer] | None = None) -> None:
    """Refuse to go on where a layer is missing that the policy requires.

    Parameters
    ----------
    policy : Policy
        With the layers of its `minimum`.
    layers : iterable of Layer or None
        As `probe` finds them, unless given.

    Raises
    ------
    JailMissingError
        Names the layer, why it is missing and what to do.
    """
    for layer in layers if layers is not None else probe():
        if layer.name in policy.minimum and not layer.present:
            raise JailMissingError(
                "Programs are not run here: the jail's layer {layer!r} is missing ({reason}). "
                "Do this: {remedy}. Or grade in a virtual machine where it holds.",
                layer=layer.name,
                reason=layer.reason,
                remedy=layer.remedy or "see kernels/README.md",
            )


def _layer(name: str, holds: bool, why: str, remedy: str, how: str) -> Layer:  # noqa: FBT001
    if why:
        return Layer(name, present=False, reason=why, remedy=remedy)
    if not holds:
        return Layer(name, present=False, reason="a jail started, but without it", remedy="")
    return Layer(name, present=True, reason=how, remedy="")


def _try_jail() -> tuple[dict[str, object], str, str]:
    """Return what a guest saw, why there was none, and the remedy."""
    if os.uname().sysname != "Linux":
        return {}, f"{os.uname().sysname} has no namespaces", "run Ustaz on Linux"
    if jail.bubblewrap() is None:
        return {}, "bubblewrap is not installed", _REMEDY_BUBBLEWRAP
    try:
        with jail.Jail.start(Policy(), "look") as started:
            output, errors = started.process.communicate(timeout=_PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return {}, str(error), _REMEDY_NAMESPACES
    try:
        return json.loads(output), "", ""
    except ValueError:
        last = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no output"]
        return {}, last[0], _REMEDY_NAMESPACES
