"""Brings the database to the tables of this version of MLflow: those of runs and models, and those of users.

Any number of pods may run it at once; the first does the work while the others wait. The database is named by libpq's own
environment (PGHOST, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE), so no address holds a password.
"""

import logging

from mlflow.server.auth.db.utils import migrate_if_needed
from mlflow.store.db import utils as tables
from sqlalchemy import text

URL = "postgresql+psycopg2://"
# Any number that nothing else in this database uses.
LOCK = 5000


def migrate() -> None:
    engine = tables.create_sqlalchemy_engine_with_retry(URL)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        if tables._is_empty_database(engine):
            tables._initialize_tables(engine)
        else:
            tables._upgrade_db(engine)
        migrate_if_needed(engine, "head")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    migrate()
