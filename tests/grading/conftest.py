"""Stores on both databases."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import postgres_support
import pytest
from ustaz_grading.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    folder = postgres_support.binaries()
    if folder is None:
        pytest.skip("PostgreSQL's initdb and postgres are not installed")
    with postgres_support.server(folder) as socket:
        yield socket


@pytest.fixture
def postgres_url(postgres_socket: str) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database."""
    import psycopg

    name = f"store{next(_numbers)}"
    with psycopg.connect(
        host=postgres_socket, user="ustaz", dbname="postgres", autocommit=True
    ) as c:
        c.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://ustaz@/{name}?host={postgres_socket}"
        c.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a new, empty database of either kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'new' / 'store.db'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Give a new store on either database."""
    with Store.open(store_url) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[Store]:
    """Give a new store in memory, for what does not depend on the database."""
    with Store.open("sqlite://") as opened:
        yield opened
