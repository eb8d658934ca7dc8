"""Real kernels in the jail, driven as Jupyter and nbgrader drive them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager
from jupyter_client.blocking import BlockingKernelClient
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config
from ustaz_kernels.errors import JailFaultError, JailMissingError
from ustaz_kernels.sandbox import jail
from ustaz_kernels.sandbox.probe import probe

SPECS = Path(__file__).parents[2] / "kernels" / "ustaz_kernels" / "kernelspecs"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Find the kernelspec in the source tree; let sockets lie in a short folder, emptied again."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    (tmp_path / "kernels").symlink_to(SPECS)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with tempfile.TemporaryDirectory(prefix="u", dir="/tmp") as short:
        Path(short).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", short)
        yield
        assert list(Path(short).iterdir()) == []


def executed(*cells: str, config: Config | None = None, **options: object) -> list[object]:
    """Return each cell's outputs after nbclient ran them in the jail."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    options = {"timeout": 30, **options}
    NotebookClient(book, kernel_name="ustaz-jail", config=config, **options).execute()
    return [cell.outputs for cell in book.cells]


def texts(outputs: list[object]) -> str:
    return "".join(output.get("text", "") for output in outputs)


@pytest.fixture
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager = KernelManager(kernel_name="ustaz-jail")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def said(client: BlockingKernelClient, code: str) -> tuple[str, str]:
    """Return the status of a cell and what it printed."""
    printed: list[str] = []

    def hook(message: dict[str, dict[str, str]]) -> None:
        printed.append(message["content"].get("text", ""))

    reply = client.execute_interactive(code, timeout=30, allow_stdin=False, output_hook=hook)
    return reply["content"]["status"], "".join(printed)


def test_notebook_shows_values_text_and_plots_and_no_warning():
    outputs = executed(
        "1 + 1", "print('hi')", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    )
    assert outputs[0][0]["data"]["text/plain"] == "2"
    assert texts(outputs[1]) == "hi\n"
    # nbgrader gives no points for a test that writes to standard error.
    assert [output["output_type"] for output in outputs[2]] == ["display_data"]
    assert "image/png" in outputs[2][0]["data"]


def test_error_in_a_cell_is_an_error_as_in_any_kernel():
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        executed("1 / 0")


def test_input_is_refused():
    with pytest.raises(CellExecutionError, match="StdinNotImplementedError"):
        executed("input()")


def test_endless_loop_ends_at_its_time():
    with pytest.raises(CellTimeoutError):
        executed("while True: pass", timeout=2)


def test_interrupted_loop_leaves_the_notebook_running():
    outputs = executed(
        "while True: pass", "print('on')", timeout=2, interrupt_on_timeout=True, allow_errors=True
    )
    assert outputs[0][0]["ename"] == "KeyboardInterrupt"
    assert texts(outputs[1]) == "on\n"


def test_printed_flood_is_cut_and_the_notebook_goes_on():
    outputs = executed("for n in range(300_000): print('x' * 1000)", "print('on')", timeout=60)
    assert 1 << 20 <= len(texts(outputs[0])) <= (1 << 20) + 3
    assert texts(outputs[0]).endswith("\n…\n")
    assert texts(outputs[1]) == "on\n"


def test_shown_flood_is_cut():
    show = "for n in range(50): display({'text/plain': 'x' * 100_000}, raw=True)"
    outputs = executed(show)
    assert sum(len(str(output)) for output in outputs[0]) < 2 << 20


def test_memory_bomb_ends_the_kernel_alone():
    config = Config()
    config.JailProvisioner.memory_bytes = 300 << 20
    bomb = "import numpy\nx = [numpy.ones(5_000_000) for _ in range(100)]"
    with pytest.raises((DeadKernelError, CellExecutionError)):
        executed(bomb, config=config)


def test_kernel_sees_nothing_of_the_host(
    tmp_path: Path,
    kernel: tuple[KernelManager, BlockingKernelClient],
):
    _, client = kernel
    (tmp_path / "gradebook.db").write_text("secret")
    assert said(client, "import os; print(os.getcwd(), os.listdir('.'))")[1] == "/home/student []\n"
    assert (
        said(client, "print(sorted(os.environ.keys() & {'JPY_PARENT_PID', 'JUPYTER_PATH'}))")[1]
        == "[]\n"
    )
    assert said(client, f"open({str(tmp_path / 'gradebook.db')!r})")[0] == "error"
    assert said(client, "open('/etc/passwd')")[0] == "error"
    assert said(client, "import socket; socket.create_connection(('1.1.1.1', 53), 1)")[0] == "error"


def test_data_files_are_shown_where_asked(tmp_path: Path):
    (tmp_path / "ps1").mkdir()
    for name in ("data.csv", "problem.ipynb", "gradebook.db", "solution.py", ".hidden"):
        (tmp_path / "ps1" / name).write_text("1,2")
    (tmp_path / "ps1" / "link.csv").symlink_to("/etc/passwd")
    config = Config()
    look = "import os\nprint(os.listdir('.'), open('data.csv').read())\nopen('data.csv', 'w')"
    options = {"resources": {"metadata": {"path": str(tmp_path / "ps1")}}, "allow_errors": True}
    assert (
        texts(executed("import os; print(os.listdir('.'))", config=config, **options)[0]) == "[]\n"
    )
    config.JailProvisioner.with_files = True
    outputs = executed(look, config=config, **options)
    assert texts(outputs[0]) == "['data.csv'] 1,2\n"
    assert outputs[0][-1]["ename"] in ("OSError", "PermissionError")
    assert (tmp_path / "ps1" / "data.csv").read_text() == "1,2"


def test_kernel_is_interrupted_restarted_and_shut_down(
    kernel: tuple[KernelManager, BlockingKernelClient],
):
    manager, client = kernel
    asked = client.execute("x = 1\nwhile True: pass")
    while client.get_iopub_msg(timeout=30)["content"].get("execution_state") != "busy":
        pass
    time.sleep(0.2)  # "busy" is said just before the cell begins
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=30))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert said(client, "print(x)") == ("ok", "1\n")
    process = manager.provisioner.process.pid
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert said(client, "print('x' in globals())") == ("ok", "False\n")
    assert jail.tree(process) == []
    process = manager.provisioner.process.pid
    manager.shutdown_kernel()
    assert not manager.is_alive()
    assert jail.tree(process) == []


def test_process_that_forgets_its_kernel_leaves_nothing_behind():
    """The kernel dies with the process that started it; the fixture looks for its sockets."""
    forget = (
        "from jupyter_client import KernelManager\n"
        "manager = KernelManager(kernel_name='ustaz-jail')\n"
        "manager.start_kernel()\n"
        "print(manager.provisioner.process.pid)\n"
    )
    environment = {**os.environ, "TMPDIR": tempfile.gettempdir()}
    done = subprocess.run(
        [sys.executable, "-c", forget], env=environment, capture_output=True, text=True, check=True
    )
    deadline = time.monotonic() + 10
    while Path(f"/proc/{done.stdout.strip()}").exists():
        assert time.monotonic() < deadline


def test_host_s_disk_is_not_filled_through_the_sockets_folder():
    config = Config()
    fill = (
        "import os, time\n"
        "folder = open('/proc/mounts').read().split('uz-')[1].split()[0]\n"
        "place = [l.split()[1] for l in open('/proc/mounts') if 'uz-' in l][0]\n"
        "for n in range(100): open(f'{place}/{n}', 'wb').write(b'x' * 1_000_000)\n"
        "time.sleep(20)"
    )
    with pytest.raises(DeadKernelError):
        executed(fill, config=config)


def test_kernel_is_not_started_without_its_jail(monkeypatch: pytest.MonkeyPatch):
    probe.cache_clear()
    monkeypatch.setattr(jail, "bubblewrap", lambda: None)
    try:
        with pytest.raises(JailMissingError, match="apt-get install bubblewrap"):
            KernelManager(kernel_name="ustaz-jail").start_kernel()
    finally:
        probe.cache_clear()


def test_folder_too_long_for_sockets_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(JailFaultError, match="TMPDIR"):
        KernelManager(kernel_name="ustaz-jail").start_kernel()
    assert list(deep.iterdir()) == []
