"""The REST routes below ``/ustaz/api/``: who may ask, what is asked, what is answered.

Every route demands jupyter_server's identity and asks its authorizer for the resource ``ustaz``.
Values from an address are looked up in what was loaded and never become paths. Answers are JSON;
anything wrong is ``{"error": …, "next": …}`` in the language of ``?lang=``.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated
from ustaz_courses.language import LANGUAGES

from ustaz_lab import bank, classplot, listing, preview, verification
from ustaz_lab.problems import Refusal, problem, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ustaz_courses import Course, Template
    from ustaz_grading.classroom import Classroom

    from ustaz_lab.classrooms import Classrooms

ROOT: Final = r"/ustaz/api"
RESOURCE: Final = "ustaz"
VARIANTS_MAX: Final = 10
"""Variants in one preview; more than a person compares."""
SEED_MAX: Final = 2**31 - 1


class UstazHandler(APIHandler):
    """What all routes share: language, classrooms, work in a thread, answers to what goes wrong."""

    auth_resource = RESOURCE

    @property
    def language(self) -> str:
        """The language of ``?lang=``; English for any that Ustaz does not have."""
        language = self.get_query_argument("lang", "en")
        return language if language in LANGUAGES else "en"

    @property
    def classrooms(self) -> Classrooms:
        """The classrooms of this server."""
        rooms: Classrooms = self.settings["ustaz_classrooms"]
        return rooms

    async def reply(self, work: Callable[[], dict[str, Any]]) -> None:
        """Do the work in a thread, so that the server stays free, and send what it returns."""
        self.finish(json.dumps(await asyncio.to_thread(work), ensure_ascii=False))

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number from the query.

        Raises
        ------
        Refusal
            It is none, or out of bounds.
        """
        text = self.get_query_argument(name, str(default))
        # isascii: int() also reads digits of other scripts.
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
        if not low <= value <= high:
            raise Refusal(
                400,
                "{name} is {value!r}; expected a whole number from {low} to {high}.",
                "Go back to the list and open the template again.",
                name=name,
                value=text[:40],
                low=low,
                high=high,
            )
        return value

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Answer with the status that fits what was raised."""
        reason = kwargs.get("exc_info", (None, None))[1]
        super().send_error(status_of(reason) if reason else status_code, **kwargs)

    def log_exception(self, *reason: Any) -> None:
        """Log with its traceback only what nobody foresaw."""
        if reason[1] is not None and status_of(reason[1]) == 500:
            super().log_exception(*reason)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a sentence and a next step."""
        reason = kwargs.get("exc_info", (None, None))[1]
        self.finish(json.dumps(problem(reason, status_code, self.language), ensure_ascii=False))


class CoursesHandler(UstazHandler):
    """``courses``: the classrooms of this server."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with all classrooms."""
        await self.reply(lambda: listing.courses(self.classrooms, self.language))


class AssignmentsHandler(UstazHandler):
    """``courses/<id>/assignments``: how far each assignment has come."""

    @authenticated
    @authorized
    async def get(self, classroom: str) -> None:
        """Answer with a classroom's assignments."""
        await self.reply(lambda: listing.assignments(self.classrooms.get(classroom), self.language))


class ClassPlotHandler(UstazHandler):
    """``courses/<id>/class.html``: the class's plot, a page of its own that can reach nothing."""

    @property
    def content_security_policy(self) -> str:
        """An origin of its own, its own scripts, and nothing from or to anywhere."""
        return f"sandbox allow-scripts allow-downloads; {classplot.POLICY}; frame-ancestors 'self'"

    @authenticated
    @authorized
    async def get(self, classroom: str) -> None:
        """Answer with the plot's page."""
        dark = self.get_query_argument("theme", "light") == "dark"
        page = await asyncio.to_thread(
            lambda: classplot.page(self.classrooms.get(classroom), self.language, dark=dark)
        )
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(page, set_content_type="text/html; charset=UTF-8")


class TemplatesHandler(UstazHandler):
    """``courses/<id>/templates``: the bank by skill."""

    @authenticated
    @authorized
    async def get(self, classroom: str) -> None:
        """Answer with skills and templates."""
        await self.reply(lambda: bank.bank(self.classrooms.get(classroom), self.language))


class PreviewHandler(UstazHandler):
    """``courses/<id>/templates/<course>/<template>/preview``: variants in all languages."""

    @authenticated
    @authorized
    async def get(self, classroom: str, course: str, template: str) -> None:
        """Answer with variants of a template."""
        seed = self.integer("seed", 0, low=0, high=SEED_MAX)
        count = self.integer("count", 3, low=1, high=VARIANTS_MAX)

        def work() -> dict[str, Any]:
            room, owner, found = _template(self.classrooms, classroom, course, template)
            return preview.preview(room, owner, found, self.language, seed=seed, count=count)

        await self.reply(work)


class VerificationHandler(UstazHandler):
    """``courses/<id>/templates/<course>/<template>/verification``: what the machine checked."""

    @authenticated
    @authorized
    async def get(self, classroom: str, course: str, template: str) -> None:
        """Answer with a template's verification."""

        def work() -> dict[str, Any]:
            _, _, found = _template(self.classrooms, classroom, course, template)
            return verification.verification(found, self.language)

        await self.reply(work)


class NowhereHandler(UstazHandler):
    """Any other address below the API's root: refused like the rest, then not found."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say that there is nothing."""
        raise Refusal(404, "There is nothing at this address.", "Refresh the page.")


def routes() -> list[tuple[str, type[UstazHandler]]]:
    """Return the routes; each part of an address is one segment, checked by look-up."""
    room = rf"{ROOT}/courses/([^/]+)"
    template = rf"{room}/templates/([^/]+)/([^/]+)"
    return [
        (rf"{ROOT}/courses/?", CoursesHandler),
        (rf"{room}/assignments", AssignmentsHandler),
        (rf"{room}/class\.html", ClassPlotHandler),
        (rf"{room}/templates", TemplatesHandler),
        (rf"{template}/preview", PreviewHandler),
        (rf"{template}/verification", VerificationHandler),
        (rf"{ROOT}/.*", NowhereHandler),
    ]


def _template(
    rooms: Classrooms, classroom: str, course: str, template: str
) -> tuple[Classroom, Course, Template]:
    """Return a template with its course and its classroom."""
    room = rooms.get(classroom)
    owner = room.courses.get(course)
    found = owner.templates.get(template) if owner else None
    if owner is None or found is None:
        raise Refusal(
            404,
            "The class has no template {course}/{template}.",
            "Refresh the list of templates; it may have been renamed.",
            course=course,
            template=template,
        )
    return room, owner, found
