"""From a draft to a template that a teacher answers for."""

from ustaz_courses.authoring.approval import Approval, Approvals, approve, withdraw

__all__ = ["Approval", "Approvals", "approve", "withdraw"]
