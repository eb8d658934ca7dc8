# ruff: noqa: N999 - JupyterLab looks for a language pack under exactly this name
"""Makes Kazakh a language that JupyterLab offers.

JupyterLab serves a language only where a package of this very name registers it. The workbench's
own texts lie in `ustaz_lab`; here, under `locale/`, are only the words of JupyterLab itself that a
teacher meets first. All others stay English.
"""
