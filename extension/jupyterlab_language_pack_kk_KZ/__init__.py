"""Makes Kazakh a language that JupyterLab offers; its catalogues lie under `locale/`."""
