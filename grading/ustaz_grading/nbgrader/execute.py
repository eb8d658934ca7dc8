"""Running a submission in the jailed kernel, and having its answers judged outside of it.

`ExecuteInJail` stands in the place of nbgrader's ``Execute``. A notebook without variants runs as
ever, only in the jail. In a notebook of variants only the student's own cells run; after each
answer the kernel is asked to say what the slot's variable holds, as text, and when the kernel is
gone `judging` decides what it is worth. So the student's process never holds a key, a hidden test
or a score.

A cell that fails costs its own slot only: errors are allowed, a cell without end is interrupted,
and a kernel that a cell has killed is replaced by a new one in which the student's other cells run
again. When the jail or the judge fails, the fault is ours: the student's autograding fails, a
`Fault` is kept, and no score is recorded.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any, Final

import ustaz_kernels
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import ensure_async, run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer, Unicode

from ustaz_grading.errors import JudgeFaultError
from ustaz_grading.nbgrader.cells import say
from ustaz_grading.nbgrader.judging import (
    Judged,
    blank,
    check_output,
    foreign,
    judge_programs,
    judge_value,
)
from ustaz_grading.nbgrader.preprocessors import desk_of, foreign_slots, grade_id, node
from ustaz_grading.nbgrader.reading import MISSING, UNREADABLE, Given, expression_for, parse_reply
from ustaz_grading.records import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ustaz_grading.nbgrader.cells import CellPlan
    from ustaz_grading.nbgrader.desk import Desk

KERNELSPECS: Final = Path(next(iter(ustaz_kernels.__path__))) / "kernelspecs"
READ_TIMEOUT_S: Final = 10
"""For a kernel to say what a variable holds; a student's own class may be slow to say it."""
CELL_TIMEOUT_MIN_S: Final = 3
"""What a cell gets when the notebook's time is spent."""
RESTARTS_MAX: Final = 20
OUTPUT_BYTES_MAX: Final = 1_000_000
"""Of one notebook's outputs; what comes after is dropped."""
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]+")
"""A picture is put between quotes on the page, unescaped, by nbconvert's templates."""
PASSIVE: Final = ("text/plain", "image/png", "image/jpeg")
"""Kinds of output that do nothing on the page of whoever reads it."""

Resources = dict[str, Any]


class ExecuteInJail(Execute):  # type: ignore[misc]  # nbgrader ships no types
    """nbgrader's ``Execute`` in the jail; answers of variants are judged outside."""

    jail_kernel = Unicode(
        "ustaz-jail",
        help="Kernel for Python notebooks; empty: whatever the notebook names, unjailed.",
    ).tag(config=True)
    notebook_timeout = Integer(
        120, help="Seconds for all cells of a student together; later cells get three each."
    ).tag(config=True)

    def __call__(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run also where nbgrader was told ``--no-execute``: else outputs handed in would score."""
        if not self.enabled and desk_of(resources) is not None:
            return self.preprocess(nb, resources)
        called: tuple[NotebookNode, Resources] = super().__call__(nb, resources)
        return called

    def preprocess(
        self, nb: NotebookNode, resources: Resources, km: Any = None
    ) -> tuple[NotebookNode, Resources]:
        """Return the notebook run, and judged where it holds variants.

        Raises
        ------
        JudgeFaultError
            When the jail or the judge failed; the fault is in the store.
        """
        self._found = desk_of(resources)
        self._spent = 0.0
        self._restarts = 0
        self._output_bytes = 0
        self._again: list[str] = []
        self._given: dict[str, Given] = {}
        self._errors: dict[str, str] = {}
        kernelspec = nb.metadata.get("kernelspec") or {}
        if self.jail_kernel and kernelspec.get("language", "python") == "python":
            self.kernel_name = self.jail_kernel
        with self._empty_folder(resources):
            if self._found is None:
                ran: tuple[NotebookNode, Resources] = super().preprocess(nb, resources, km)
                return ran
            with _faults_kept(self._found):
                try:
                    super().preprocess(nb, resources, km)
                except JudgeFaultError:
                    raise
                except Exception as error:
                    raise JudgeFaultError(
                        "The student's cells could not be run: {reason}. No score is recorded; see"
                        " what ustaz sandbox probe says about the jail, and repeat.",
                        reason=f"{type(error).__name__}: {str(error)[:300]}",
                    ) from error
                _make_passive(nb, self._found)
                self._judge(nb, self._found)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, index: int
    ) -> tuple[NotebookNode, Resources]:
        """Run a cell; after an answer, read what its slot holds."""
        if self._found is None:
            ran: tuple[NotebookNode, Resources] = super().preprocess_cell(cell, resources, index)
            return ran
        planned = self._found.cells.get(grade_id(cell))
        if cell.cell_type == "code" and (planned is None or planned.part == "answer"):
            self._run(cell, resources, index, planned)
            if planned is None:
                self._again.append(cell.source)
            elif self._found.issued[planned.slot].variant.kind != "code":
                self._given[planned.slot] = self._read(planned.slot)
        if index == len(self.nb.cells) - 1:
            for slot in [slot for slot, given in self._given.items() if given == MISSING]:
                self._given[slot] = self._read(
                    slot
                )  # some give all answers in one cell of their own
        return cell, resources

    def create_kernel_manager(self) -> Any:
        """Return a kernel manager that also knows the kernels that Ustaz ships."""
        manager = super().create_kernel_manager()
        specs = KernelSpecManager(parent=self)
        specs.kernel_dirs = [*specs.kernel_dirs, str(KERNELSPECS)]
        manager.kernel_spec_manager = specs
        return manager

    def process_message(self, msg: Any, cell: NotebookNode, cell_index: int) -> Any:
        """Take a message of the kernel; drop outputs beyond the limit."""
        if self._found is not None and msg["msg_type"] in (
            "stream",
            "display_data",
            "execute_result",
        ):
            self._output_bytes += len(str(msg["content"]))
            if self._output_bytes > OUTPUT_BYTES_MAX:
                return None
        return super().process_message(msg, cell, cell_index)

    def _get_timeout(self, cell: NotebookNode | None) -> int | None:
        timeout: int | None = super()._get_timeout(cell)
        if self._found is None or timeout is None:
            return timeout
        return int(min(timeout, max(CELL_TIMEOUT_MIN_S, self.notebook_timeout - self._spent)))

    def _run(
        self, cell: NotebookNode, resources: Resources, index: int, planned: CellPlan | None
    ) -> None:
        if planned is not None and not _was_written(cell, planned, self._found):
            return
        started = time.monotonic()
        try:
            super().preprocess_cell(cell, resources, index)
        except (DeadKernelError, CellTimeoutError, RuntimeError, Empty) as error:
            self.log.warning(
                "A cell ended its kernel (%s); a new one goes on", type(error).__name__
            )
            cell.outputs = [*cell.get("outputs", []), _ended(self._language)]
            self._restart()
        self._spent += time.monotonic() - started
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if planned is not None and errors:
            self._errors[planned.slot] = str(errors[-1].get("ename", ""))

    def _read(self, slot: str) -> Given:
        """Return what the slot's variable holds, as the kernel says it."""
        try:
            reply = run_sync(self._ask)("", {"said": expression_for(slot)}, READ_TIMEOUT_S)
        except (Empty, RuntimeError, DeadKernelError):
            self._restart()
            return UNREADABLE
        return parse_reply(reply.get("user_expressions", {}).get("said"))

    async def _ask(self, code: str, expressions: Mapping[str, str], timeout_s: float) -> Any:
        """Return the kernel's reply to code that shows nothing.

        Raises
        ------
        queue.Empty, nbclient.exceptions.DeadKernelError
            When the kernel does not answer in time, or is gone.
        """
        sent = await ensure_async(
            self.kc.execute(
                code,
                silent=True,
                store_history=False,
                user_expressions=dict(expressions),
                stop_on_error=False,
            )
        )
        until = time.monotonic() + timeout_s
        while (left := until - time.monotonic()) > 0:
            try:
                reply = await ensure_async(self.kc.shell_channel.get_msg(timeout=min(left, 1)))
            except Empty:
                await self._async_check_alive()
                continue
            if reply["parent_header"].get("msg_id") == sent:
                return reply["content"]
        raise Empty

    def _restart(self) -> None:
        """Put a new kernel in the place of a dead or stuck one, and run the student's own cells."""
        self._restarts += 1
        if self._restarts > RESTARTS_MAX:
            raise JudgeFaultError(
                "The student's cells ended {count} kernels, and nothing more is run.",
                count=self._restarts,
            )
        run_sync(self._end_kernel)()
        self.km = self.create_kernel_manager()
        self.owns_km = True
        self.start_new_kernel()
        self.start_new_kernel_client()
        for source in list(self._again):
            try:
                run_sync(self._ask)(source, {}, CELL_TIMEOUT_MIN_S)
            except (Empty, RuntimeError, DeadKernelError):
                self._again.remove(source)
                self._restart()
                return

    async def _end_kernel(self) -> None:
        if self.km is not None:
            await ensure_async(self.km.shutdown_kernel(now=True))
        await self._async_cleanup_kernel()

    @property
    def _language(self) -> str:
        return "en" if self._found is None else self._found.copy.language

    def _judge(self, nb: NotebookNode, found: Desk) -> None:
        """Put every slot's score and feedback into its check's cell."""
        answers = {
            cell.metadata["ustaz"]["slot"]: cell for cell in nb.cells if _is_answer(cell, found)
        }
        others = foreign_slots(nb.cells, found)
        judged: dict[str, Judged] = {}
        programs = []
        for planned in found.cells.values():
            if planned.part != "check":
                continue
            slot, made = planned.slot, found.issued[planned.slot]
            if slot in others:
                judged[slot] = foreign(made)
            elif not _was_written(answers[slot], found.cells[slot], found):
                # Untouched: only a value given in a cell of the student's own may still count.
                given = self._given.get(slot, MISSING)
                judged[slot] = judge_value(made, given) if given.is_answer else blank(made)
            elif made.variant.kind == "code":
                programs.append((made, answers[slot].source))
            else:
                given = self._given.get(slot, MISSING)
                judged[slot] = judge_value(made, given, self._errors.get(slot, ""))
        if programs:
            from ustaz_grading.coderunner import CodeRunner  # noqa: PLC0415 - starts the judge

            results = judge_programs(programs, CodeRunner())
            judged |= {
                made.issue.slot: result for (made, _), result in zip(programs, results, strict=True)
            }
        for cell in nb.cells:
            known = found.cells.get(grade_id(cell))
            if known is not None and known.part == "check":
                output = check_output(judged[known.slot], known.points)
                cell.outputs = [node(output)]

    @contextmanager
    def _empty_folder(self, resources: Resources) -> Iterator[None]:
        """Run in a folder of its own: the assignment's files are there, no notebook is."""
        metadata = resources.setdefault("metadata", {})
        before = metadata.get("path", "")
        with tempfile.TemporaryDirectory(prefix="ustaz-run-") as folder:
            if before:
                shutil.copytree(
                    before, folder, dirs_exist_ok=True, symlinks=True, ignore=_notebooks_and_links
                )
            metadata["path"] = folder
            try:
                yield
            finally:
                metadata["path"] = before


def _notebooks_and_links(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name.endswith((".ipynb", "submission_secret.txt")) or (Path(folder) / name).is_symlink()
    }


@contextmanager
def _faults_kept(found: Desk) -> Iterator[None]:
    """Keep a fault of ours in the store, and let nbgrader report the student as failed."""
    try:
        yield
    except JudgeFaultError as error:
        found.classroom.store.add_fault(
            Fault(
                at=datetime.now(UTC),
                course=found.classroom.config.course_id,
                assignment=found.assignment.id,
                student=found.student,
                stage="autograde",
                message=str(error),
                log=traceback.format_exc()[-4000:],
            )
        )
        raise


def _is_answer(cell: Mapping[str, Any], found: Desk) -> bool:
    planned = found.cells.get(grade_id(cell))
    return planned is not None and planned.is_solution


def _was_written(cell: Mapping[str, Any], planned: CellPlan, found: Desk | None) -> bool:
    """Whether an answer's cell holds more than its stub."""
    return found is None or cell["source"].strip() != found.copy.source(planned).strip()


def _make_passive(nb: NotebookNode, found: Desk) -> None:
    """Take from the notebook what would act on the page of a teacher who reads it."""
    for cell in nb.cells:
        planned = found.cells.get(grade_id(cell))
        if cell.cell_type == "code":
            cell.outputs = [passive for output in cell.outputs if (passive := _passive(output))]
        elif planned is None or planned.is_solution:
            cell.source = _TAG.sub("&lt;", cell.source)
    nb.metadata.pop("widgets", None)


def _passive(output: NotebookNode) -> NotebookNode | None:
    if output.output_type in ("stream", "error"):
        return output
    data = {
        kind: value
        for kind, value in output.get("data", {}).items()
        if kind in PASSIVE and (kind == "text/plain" or _BASE64.fullmatch(str(value)))
    }
    if not data:
        return None
    return node({"output_type": "display_data", "data": data, "metadata": {}})


def _ended(language: str) -> NotebookNode:
    said = say(
        language, "This cell ended the kernel, or ran for too long and could not be stopped."
    )
    return node(
        {"output_type": "error", "ename": "KernelEnded", "evalue": said, "traceback": [said]}
    )
