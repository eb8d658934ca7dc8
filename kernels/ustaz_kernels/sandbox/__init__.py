"""Where a learner's program runs: in a jail, beside a judge in another."""

from ustaz_kernels.sandbox.policy import Policy
from ustaz_kernels.sandbox.probe import Layer, demand, probe
from ustaz_kernels.sandbox.program import ProgramJob, ProgramRun, ProgramTest
from ustaz_kernels.sandbox.run import run_programs

__all__ = [
    "Layer",
    "Policy",
    "ProgramJob",
    "ProgramRun",
    "ProgramTest",
    "demand",
    "probe",
    "run_programs",
]
