"""The machine's look at a template before a teacher's: many variants drawn, everything checked."""

from ustaz_courses.verify.report import CourseReport, Finding, Report
from ustaz_courses.verify.run import CodeRunner, check_course, verify

__all__ = ["CodeRunner", "CourseReport", "Finding", "Report", "check_course", "verify"]
