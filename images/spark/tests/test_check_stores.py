"""What a server says that cannot start; run by python3 -m unittest. The answers of a real store are in the end-to-end tests."""

import contextlib
import importlib.util
import io
import pathlib
import socket
import time
import unittest
from unittest import mock

spec = importlib.util.spec_from_file_location("check_stores", pathlib.Path(__file__).parent.parent / "check-stores.py")
stores = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stores)


@contextlib.contextmanager
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def closed() -> str:
    with listener() as address:
        return address


def run(*arguments: str) -> tuple[int, str]:
    """The exit code, and what is said."""
    said = io.StringIO()
    with mock.patch("sys.argv", ["check-stores.py", "--seconds", "0", *arguments]), contextlib.redirect_stderr(said):
        try:
            stores.main()
            return 0, said.getvalue()
        except SystemExit as end:
            return end.code, said.getvalue()


class Reasons(unittest.TestCase):
    def test_say_what_a_person_can_mend(self):
        self.assertEqual(stores.reason("NoSuchBucket", "…", "sales"), 'there is no bucket "sales"')
        self.assertIn("does not belong to the access key", stores.reason("SignatureDoesNotMatch", "…", "sales"))

    def test_repeat_what_nobody_thought_of(self):
        self.assertEqual(stores.reason("SlowDown", "reduce your rate", "sales"), "the store refuses: SlowDown: reduce your rate")

    def test_take_braces_in_a_message_for_what_they_are(self):
        self.assertIn("{odd} {0}", stores.reason("Odd", "{odd} {0}", "sales"))

    def test_find_the_root(self):
        outer = OSError("outer")
        outer.reason = OSError("pool: Connection refused")
        self.assertEqual(stores.root_of(outer), "Connection refused")


class Addresses(unittest.TestCase):
    def test_are_silent_when_somebody_listens(self):
        with listener() as address:
            self.assertEqual(run("--address", f"The store={address}"), (0, ""))

    def test_need_one_answer_of_several(self):
        with listener() as address:
            self.assertEqual(run("--address", f"Masters={closed()},{address}"), (0, ""))

    def test_name_every_one_that_is_closed_in_one_line(self):
        first, second = closed(), closed()
        code, said = run("--address", f"Masters={first},{second}", "--address", f"The metastore={first}")
        self.assertEqual(code, 1)
        self.assertEqual(
            said,
            f"check-stores: Masters does not answer at {first}: Connection refused; {second}: Connection refused;"
            f" The metastore does not answer at {first}: Connection refused\n",
        )


class Trying(unittest.TestCase):
    def test_ends_with_the_first_success(self):
        answers = iter([stores.Silent("not yet"), None])

        def check():
            if (answer := next(answers)) is not None:
                raise answer

        with mock.patch.object(time, "sleep"):
            self.assertIsNone(stores.keep_trying(check, time.monotonic() + 60))

    def test_does_not_repeat_what_is_wrong(self):
        check = mock.Mock(side_effect=stores.Wrong("no such bucket"))
        self.assertEqual(stores.keep_trying(check, time.monotonic() + 60), "no such bucket")
        check.assert_called_once()

    def test_gives_up_when_the_time_is_over(self):
        self.assertEqual(stores.keep_trying(mock.Mock(side_effect=stores.Silent("silent")), time.monotonic()), "silent")


if __name__ == "__main__":
    unittest.main()
