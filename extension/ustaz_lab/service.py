"""The practice service: the one process that holds keys, hidden tests, seeds and the secret.

The student's app speaks to it over HTTP on loopback, with a token that names one student. Every
route below ``/ustaz/practice/`` demands that token; a link's token opens only the exchange for it.
Bodies and answers are JSON; texts come in the language of ``?lang=``. Every request may be
repeated: see `ustaz_grading.practice.desk`.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from tornado.web import Application, RequestHandler
from ustaz_courses.language import LANGUAGES
from ustaz_grading.practice import PracticeDesk

from ustaz_lab.problems import Refusal
from ustaz_lab.service_problems import problem, status_of
from ustaz_lab.service_requests import (
    AnswerBody,
    Body,
    HintBody,
    NextBody,
    SolutionBody,
    read_body,
)
from ustaz_lab.tokens import Use, make_token, read_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from ustaz_courses import CodeRunner
    from ustaz_grading.classroom import Classroom

ROOT: Final = "/ustaz/practice"
WORKERS: Final = 8
"""Threads that judge; a ninth student waits for the first, the server itself for none."""


class PracticeHandler(RequestHandler):
    """What all routes share: the token, the language, work in a thread, answers to failures."""

    use: Use = "practice"
    student: str

    @property
    def desk(self) -> PracticeDesk:
        """The classroom's desk."""
        desk: PracticeDesk = self.settings["ustaz_desk"]
        return desk

    @property
    def language(self) -> str:
        """The language of ``?lang=``, else of the page that asks; English for any other."""
        asked = self.get_query_argument("lang", self.request.headers.get("Accept-Language", ""))
        return asked if asked in LANGUAGES else "en"

    def set_default_headers(self) -> None:
        """Say that an answer is JSON for this reader alone."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")

    def prepare(self) -> None:
        """Refuse who brings no token of the right use, before anything else is looked at.

        Raises
        ------
        Refusal
            There is no token.
        TokenError
            The token is not good here.
        MissingRecordError
            The student is not, or no longer, in the class list.
        """
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(
                401, "You are not signed in.", "Open the link that your teacher gave you."
            )
        secret: bytes = self.settings["ustaz_secret"]
        found = read_token(secret, token.strip(), course=self.desk.course_id, use=self.use)
        self.student = self.desk.student(found.student).id

    async def reply(self, work: Callable[[], Any]) -> None:
        """Do the work in a thread, so that the server stays free, and send what it returns."""
        workers: ThreadPoolExecutor = self.settings["ustaz_workers"]
        found = await asyncio.get_running_loop().run_in_executor(workers, work)
        self.finish(json.dumps(found, ensure_ascii=False))

    def body(self, kind: type[Any]) -> Any:
        """Return the request's body, checked."""
        return read_body(kind, self.request.body)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the status that fits what was raised."""
        reason = kwargs.get("exc_info", (None, None))[1]
        super().send_error(status_of(reason) if reason else status_code, **kwargs)

    def log_exception(self, *reason: Any) -> None:
        """Log with its traceback only what nobody foresaw."""
        if reason[1] is not None and status_of(reason[1]) >= 500:
            super().log_exception(*reason)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a sentence and a next step."""
        reason = kwargs.get("exc_info", (None, None))[1]
        if status_code == 401:
            self.set_header("WWW-Authenticate", "Bearer")
        self.finish(json.dumps(problem(reason, status_code, self.language), ensure_ascii=False))


class ExchangeHandler(PracticeHandler):
    """``exchange``: a link's token for a day's practice token."""

    use = "link"

    async def post(self) -> None:
        """Answer with the token."""
        self.body(Body)
        secret: bytes = self.settings["ustaz_secret"]
        course = self.desk.course_id
        await self.reply(lambda: {"token": make_token(secret, course=course, student=self.student)})


class WhoHandler(PracticeHandler):
    """``who``: whose token this is."""

    async def get(self) -> None:
        """Answer with the student's id."""
        self.finish({"student": self.student})


class SessionHandler(PracticeHandler):
    """``session``: who practises, in which language, at which exercise."""

    async def get(self) -> None:
        """Answer with what a page needs to begin."""

        def work() -> dict[str, Any]:
            student = self.desk.student(self.student)
            asked = self.get_query_argument("lang", "")
            language = asked if asked in LANGUAGES else self.desk.language_of(student.id)
            item = self.desk.open_item(student.id, language=language)
            return {
                "student": {
                    "id": student.id,
                    "name": f"{student.first_name} {student.last_name}".strip() or student.id,
                },
                "language": language,
                "item": asdict(item) if item else None,
                "courses": [asdict(course) for course in self.desk.courses(language)],
                "mastery": self._mastery(language),
            }

        await self.reply(work)

    def _mastery(self, language: str) -> list[dict[str, Any]]:
        return [asdict(view) for view in self.desk.mastery(self.student, language=language)]


class CoursesHandler(PracticeHandler):
    """``courses``: what can be practised."""

    async def get(self) -> None:
        """Answer with the courses and their skills."""
        await self.reply(
            lambda: {"courses": [asdict(course) for course in self.desk.courses(self.language)]}
        )


class MasteryHandler(PracticeHandler):
    """``mastery``: where the student stands."""

    async def get(self) -> None:
        """Answer with every skill that has answers."""
        await self.reply(
            lambda: {
                "mastery": [
                    asdict(view) for view in self.desk.mastery(self.student, language=self.language)
                ]
            }
        )


class ItemHandler(PracticeHandler):
    """``items/<id>``: an exercise of the student's, in another language as well."""

    async def get(self, item: str) -> None:
        """Answer with the exercise."""
        await self.reply(
            lambda: {"item": asdict(self.desk.item(self.student, item, language=self.language))}
        )


class NextHandler(PracticeHandler):
    """``next``: the next exercise."""

    async def post(self) -> None:
        """Answer with the exercise."""
        body: NextBody = self.body(NextBody)
        await self.reply(
            lambda: {
                "item": asdict(
                    self.desk.next_item(
                        self.student, skill=body.skill, language=self.language, after=body.after
                    )
                )
            }
        )


class AnswerHandler(PracticeHandler):
    """``answer``: a response is judged."""

    async def post(self) -> None:
        """Answer with the outcome."""
        body: AnswerBody = self.body(AnswerBody)
        await self.reply(
            lambda: {
                "outcome": asdict(
                    self.desk.answer(
                        self.student,
                        body.item,
                        body.response,
                        language=self.language,
                        attempt=body.attempt,
                    )
                )
            }
        )


class HintHandler(PracticeHandler):
    """``hint``: one more hint."""

    async def post(self) -> None:
        """Answer with the exercise and its hints."""
        body: HintBody = self.body(HintBody)
        await self.reply(
            lambda: {
                "item": asdict(
                    self.desk.hint(
                        self.student, body.item, language=self.language, shown=body.shown
                    )
                )
            }
        )


class SolutionHandler(PracticeHandler):
    """``solution``: the exercise is given up."""

    async def post(self) -> None:
        """Answer with the worked solution."""
        body: SolutionBody = self.body(SolutionBody)
        await self.reply(
            lambda: {
                "outcome": asdict(
                    self.desk.solution(self.student, body.item, language=self.language)
                )
            }
        )


class UnknownHandler(PracticeHandler):
    """Any other address: a stranger learns nothing of what there is."""

    def prepare(self) -> None:
        """Refuse, a stranger first.

        Raises
        ------
        Refusal
            Always, if nothing else is raised before.
        """
        super().prepare()
        raise Refusal(404, "There is nothing at this address.", "Reload the page.")


def practice_application(classroom: Classroom, *, runner: CodeRunner | None = None) -> Application:
    """Return the service of one classroom.

    Parameters
    ----------
    classroom
        Whose courses, class list, secret and store.
    runner
        Runs programs; ``None``: the jailed runner.
    """
    return Application(
        [
            (f"{ROOT}/exchange", ExchangeHandler),
            (f"{ROOT}/who", WhoHandler),
            (f"{ROOT}/session", SessionHandler),
            (f"{ROOT}/courses", CoursesHandler),
            (f"{ROOT}/mastery", MasteryHandler),
            (f"{ROOT}/items/([0-9]{{1,18}})", ItemHandler),
            (f"{ROOT}/next", NextHandler),
            (f"{ROOT}/answer", AnswerHandler),
            (f"{ROOT}/hint", HintHandler),
            (f"{ROOT}/solution", SolutionHandler),
        ],
        default_handler_class=UnknownHandler,
        ustaz_desk=PracticeDesk(classroom, runner=runner),
        ustaz_secret=classroom.secret,
        ustaz_workers=ThreadPoolExecutor(WORKERS, thread_name_prefix="practice"),
        # One line a request would drown what matters; faults are logged with their traceback.
        log_function=lambda _handler: None,
    )


__all__ = ["ROOT", "practice_application"]
