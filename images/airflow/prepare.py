"""Brings Airflow's database to the tables of this version, and its administrator to the password of the Secret.

Running it again changes nothing, so every roll-out does.
"""

import os
import subprocess
import sys


def migrate() -> None:
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True)


def administrator(name: str, password: str) -> None:
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        user = manager.find_user(username=name)
        if user is None:
            role = manager.find_role("Admin")
            if not manager.add_user(name, "Platform", "Administrator", f"{name}@localhost.localdomain", role, password):
                raise SystemExit(f"prepare.py: the user {name} could not be made; see the lines above")
        else:
            manager.reset_password(user.id, password)


if __name__ == "__main__":
    migrate()
    administrator(os.environ["ADMIN_USERNAME"], os.environ["ADMIN_PASSWORD"])
