"""The connection: how the store is opened, migrated, read and written.

Two processes may open one store at the same moment, the first time too. On SQLite every writer
begins with ``BEGIN IMMEDIATE``, so that it waits for its turn (busy timeout) before it reads what
it will change; a plain ``BEGIN`` would let two readers both decide to write and one fail with
"database is locked" at once. On PostgreSQL migrations, and writers of evidence, take an advisory
lock: rows' numbers are then given in the order in which they are committed, which the incremental
fold of masteries relies on.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import Table, create_engine, event, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from ustaz_grading.errors import StoreError
from ustaz_grading.store.tables import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

BUSY_TIMEOUT_S: Final = 30
"""How long a SQLite writer waits for its turn; an import of 10⁶ rows takes about that long."""

_LOCK_SCHEMA: Final = 0x55737461
_LOCK_EVIDENCE: Final = 0x55737462
_PACKAGE: Final = Path(__file__).parent.parent


class Database:
    """A migrated database with one way to read and one way to write.

    Parameters
    ----------
    engine
        Made by ``Store.open``.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the store at the URL, its tables made or brought up to date.

        Parameters
        ----------
        url
            ``sqlite:///path/to/store.db``, or ``postgresql://user@host/name`` (psycopg 3). A SQLite
            file and its folder are made when missing.

        Raises
        ------
        StoreError
            When the URL is none, the database cannot be reached, or was written by a newer Ustaz.
        """
        engine = _make_engine(_checked(url))
        store = cls(engine)
        try:
            store._migrate()
        except BaseException:
            engine.dispose()
            raise
        return store

    def close(self) -> None:
        """Give all connections back. A forked child calls it before it opens a store of its own."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The database's URL without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._honest(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, *, evidence: bool = False) -> Iterator[Connection]:
        """Yield a connection whose work is kept as a whole or not at all."""
        with self._honest(), self._engine.connect() as plain:
            connection = plain.execution_options(ustaz_writes=True)
            with connection.begin():
                if evidence:
                    _take_lock(connection, _LOCK_EVIDENCE)
                yield connection

    @contextmanager
    def _honest(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StoreError(
                "The store at {url} failed: {reason}. Nothing of this call was kept; mend the cause"
                " and repeat it.",
                url=self.url,
                reason=str(reason).strip(),
            ) from error

    def _insert_new(
        self, connection: Connection, table: Table, unique: list[str], rows: list[dict[str, Any]]
    ) -> int:
        """Insert the rows whose unique columns are new; return how many were."""
        if not rows:
            return 0
        insert: Any = sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)
        done = connection.execute(
            insert.on_conflict_do_nothing(index_elements=unique),
            rows,
            # Without it SQLAlchemy says -1 after many rows on PostgreSQL.
            execution_options={"preserve_rowcount": True},
        )
        return int(done.rowcount)

    def _upsert(
        self, connection: Connection, table: Table, unique: list[str], rows: list[dict[str, Any]]
    ) -> None:
        """Insert the rows; where the unique columns exist, set the others."""
        if not rows:
            return
        insert: Any = sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)
        others = {name: insert.excluded[name] for name in rows[0] if name not in unique}
        connection.execute(insert.on_conflict_do_update(index_elements=unique, set_=others), rows)

    @property
    def _is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def _migrate(self) -> None:
        with self._reading() as connection:
            if _revision(connection) == HEAD:
                return
        with self._writing() as connection:
            _take_lock(connection, _LOCK_SCHEMA)
            found = _revision(connection)
            if found != HEAD:
                _upgrade(connection, found, self.url)


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "{url!r} is no database URL; expected sqlite:///FILE or postgresql://USER@HOST/NAME.",
            url=url,
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(
            "The store cannot be kept in {backend}; expected sqlite:///FILE or"
            " postgresql://USER@HOST/NAME.",
            backend=backend,
        )
    return parsed


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return create_engine(url, pool_pre_ping=True, json_serializer=_json)
        except (ImportError, NoSuchModuleError) as error:
            raise StoreError(
                "PostgreSQL needs the package psycopg; install it with pip install 'ustaz[hub]'."
            ) from error
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                "The store's folder {folder} cannot be made: {reason}.",
                folder=str(folder),
                reason=error.strerror or str(error),
            ) from error
    # A database in memory lives in its one connection.
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        json_serializer=_json,
        **pool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without this the driver begins transactions by itself, and never before DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ustaz_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _take_lock(connection: Connection, number: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(text("pg_advisory_xact_lock(:number)")), {"number": number})


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection, found: str | None, url: str) -> None:
    from alembic import command  # noqa: PLC0415 - 0.3 s, needed only when there is work
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_PACKAGE / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            "The store at {url} has version {found!r}, which this Ustaz does not know (its newest"
            " is {head!r}); install the Ustaz that wrote it, or a newer one.",
            url=url,
            found=found,
            head=HEAD,
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
