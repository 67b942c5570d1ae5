"""Logs people in with a password each, from files that a Secret is mounted as: the file's name is the user's.

The hub's own authenticator with passwords has one for everybody, with which everybody is whoever they say they are.
"""

from secrets import compare_digest

from jupyterhub.auth import Authenticator
from traitlets import Unicode


class PasswordFiles(Authenticator):
    directory = Unicode(config=True, help="Directory with a file for each user")

    async def authenticate(self, handler, data):
        name = self.normalize_username(data["username"])
        # Names come from outside, and some are paths.
        if name not in self.allowed_users:
            return None
        try:
            with open(f"{self.directory}/{name}", encoding="utf-8") as file:
                password = file.read()
        except FileNotFoundError:
            self.log.warning("%s is a user without a password in %s", name, self.directory)
            return None
        return name if password and compare_digest(password.encode(), data["password"].encode()) else None
