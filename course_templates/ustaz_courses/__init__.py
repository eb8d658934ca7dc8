"""Courses: skills, templates, variants, answers and their verification.

Knows nothing of kernels, of grading or of servers.
"""

from ustaz_courses.answer import Judgement, Response, check_answer
from ustaz_courses.authoring import Approval, Approvals, approve, withdraw
from ustaz_courses.course import Course, bundled_courses, inspect_course, load_course
from ustaz_courses.errors import (
    CourseFaults,
    CoursesError,
    EvaluationError,
    ExpressionError,
    Fault,
    NotApprovedError,
    TemplateError,
    UnknownSkillError,
    UnsatisfiableError,
)
from ustaz_courses.exercise import CodeJob, CodeRun, CodeTest
from ustaz_courses.reference import reference_response
from ustaz_courses.skill import Curriculum, Skill
from ustaz_courses.template import Template, load_template, template_from_files
from ustaz_courses.variant import (
    CodeJudgement,
    Option,
    TestVerdict,
    Variant,
    VariantText,
    instantiate,
    restore,
    variant_seed,
)
from ustaz_courses.verify import CodeRunner, CourseReport, Finding, Report, check_course, verify

__all__ = [
    "Approval",
    "Approvals",
    "CodeJob",
    "CodeJudgement",
    "CodeRun",
    "CodeRunner",
    "CodeTest",
    "Course",
    "CourseFaults",
    "CourseReport",
    "CoursesError",
    "Curriculum",
    "EvaluationError",
    "ExpressionError",
    "Fault",
    "Finding",
    "Judgement",
    "NotApprovedError",
    "Option",
    "Report",
    "Response",
    "Skill",
    "Template",
    "TemplateError",
    "TestVerdict",
    "UnknownSkillError",
    "UnsatisfiableError",
    "Variant",
    "VariantText",
    "approve",
    "bundled_courses",
    "check_answer",
    "check_course",
    "inspect_course",
    "instantiate",
    "load_course",
    "load_template",
    "reference_response",
    "restore",
    "template_from_files",
    "variant_seed",
    "verify",
    "withdraw",
]
