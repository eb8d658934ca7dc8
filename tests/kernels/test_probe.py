import os
import stat
from pathlib import Path

import pytest
from ustaz_kernels.errors import JailMissingError
from ustaz_kernels.sandbox import (
    Layer,
    Policy,
    ProgramJob,
    demand,
    jail,
    probe,
    run_programs,
    seccomp,
)


@pytest.fixture
def unprobed():
    probe.cache_clear()
    yield
    probe.cache_clear()


def test_every_layer_that_a_policy_requires_holds_here():
    layers = {layer.name: layer for layer in probe()}
    assert list(layers) == ["namespaces", "network", "limits", "seccomp"]
    assert all(layers[name].present for name in Policy().minimum)
    assert all(layer.reason for layer in layers.values())


@pytest.mark.parametrize("name", ["namespaces", "network", "limits", "seccomp"])
def test_missing_layer_is_named_with_its_remedy(name: str):
    layers = [Layer(name, present=False, reason="it is off", remedy="sysctl -w x=1")]
    with pytest.raises(JailMissingError, match=f"'{name}' is missing .it is off.*sysctl -w x=1"):
        demand(Policy(minimum=(name,)), layers)


def test_layer_that_is_not_required_may_be_missing():
    demand(Policy(), [Layer("seccomp", present=False, reason="", remedy="")])


@pytest.mark.usefixtures("unprobed")
def test_nothing_runs_without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    mark = tmp_path / "mark"
    with pytest.raises(JailMissingError, match="apt-get install bubblewrap"):
        run_programs([ProgramJob(f"open({str(mark)!r}, 'w')", (), ())])
    assert not mark.exists()


@pytest.mark.usefixtures("unprobed")
def test_nothing_runs_where_namespaces_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A bubblewrap that fails as it does where user namespaces are off."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(jail, "bubblewrap", lambda: str(fake))
    with pytest.raises(JailMissingError, match=r"No permissions.*user\.max_user_namespaces"):
        run_programs([ProgramJob("print(1)", (), ())])


@pytest.mark.usefixtures("unprobed")
def test_missing_filter_is_seen_and_programs_run_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seccomp, "available", lambda: "libseccomp.so.2: cannot open")
    layers = {layer.name: layer for layer in probe()}
    assert not layers["seccomp"].present
    assert "libseccomp2" in layers["seccomp"].remedy
    assert run_programs([ProgramJob("print(1)", (), ())])[0].printed == "1\n"
    with pytest.raises(JailMissingError, match="seccomp"):
        run_programs([ProgramJob("", (), ())], policy=Policy(minimum=("seccomp",)))


def test_filter_is_a_program_of_the_kernel():
    instructions = seccomp.program()
    assert len(instructions) % 8 == 0
    fd = seccomp.descriptor()
    try:
        assert os.read(fd, len(instructions) + 1) == instructions
    finally:
        os.close(fd)
