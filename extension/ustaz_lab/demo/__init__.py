"""The demonstration: a simulated class of thirty goes through the whole loop, for real.

Nothing is prepared beforehand: templates are verified and approved, copies released, notebooks
handed in, autograded by nbgrader in the jail, and so on, by the same calls that a teacher's
commands make. Only the students are simulated.
"""

from ustaz_lab.demo.run import default_folder, report_file, run
from ustaz_lab.demo.serving import serve_demo

__all__ = ["default_folder", "report_file", "run", "serve_demo"]
