"""The program that submits in cluster mode; run by python3 -m unittest."""

import argparse
import contextlib
import importlib.util
import io
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

programs = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(programs))
spec = importlib.util.spec_from_file_location("submit", programs / "submit.py")
submit = importlib.util.module_from_spec(spec)
spec.loader.exec_module(submit)

PODS = "/api/v1/namespaces/team/pods"


def driver(phase, terminated=None, **status):
    statuses = [{"name": submit.CONTAINER, "state": {"terminated": terminated}}] if terminated else []
    return {"metadata": {"name": "pi-driver"}, "status": {"phase": phase, "containerStatuses": statuses, **status}}


class Server:
    """Answers a path with the next of its answers, the last one for ever, and remembers what was asked."""

    def __init__(self, **answers):
        self.answers = {path: list(given) for path, given in answers.items()}
        self.asked = []

    def __call__(self, method, path, query):
        self.asked.append((method, path))
        given = self.answers.get(path, [{}])
        return given.pop(0) if len(given) > 1 else given[0]


class Ending(unittest.TestCase):
    def test_is_that_of_the_driver(self):
        self.assertEqual(submit.ending(driver("Succeeded", {"exitCode": 0, "reason": "Completed"})), (0, ""))
        self.assertEqual(
            submit.ending(driver("Failed", {"exitCode": 2, "reason": "Error", "message": "can't open file\n"})), (2, "can't open file")
        )

    def test_names_a_reason_that_is_not_the_programs(self):
        self.assertEqual(submit.ending(driver("Failed", {"exitCode": 137, "reason": "OOMKilled"})), (137, "OOMKilled"))

    def test_is_a_failure_when_the_pod_failed_beside_its_driver(self):
        self.assertEqual(submit.ending(driver("Failed", {"exitCode": 0, "reason": "Completed"}))[0], 1)

    def test_of_a_driver_that_never_ran_is_what_its_pod_says(self):
        self.assertEqual(submit.ending(driver("Failed", message="Evicted: the node was low on disk")), (1, "Evicted: the node was low on disk"))


class Drivers(unittest.TestCase):
    def test_of_an_earlier_attempt_go_and_those_that_ended_stay(self):
        running = {"metadata": {"name": "old"}, "status": {"phase": "Running"}}
        ended = {"metadata": {"name": "done"}, "status": {"phase": "Failed"}}
        server = Server(**{PODS: [{"items": [running, ended]}], f"{PODS}/old": [{}]})
        with contextlib.redirect_stdout(io.StringIO()):
            submit.remove(server, PODS, "spark-role=driver")
        self.assertIn(("DELETE", f"{PODS}/old"), server.asked)
        self.assertNotIn(("DELETE", f"{PODS}/done"), server.asked)

    def test_that_vanish_have_failed(self):
        with contextlib.redirect_stdout(io.StringIO()), mock.patch.object(submit.time, "sleep"):
            server = Server(**{f"{PODS}/pi-driver": [driver("Running"), {}]})
            self.assertEqual(submit.wait(server, f"{PODS}/pi-driver"), (1, "its pod was deleted"))


class Run(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.given = pathlib.Path(directory.name, "given.yaml")
        self.written = pathlib.Path(directory.name, "driver.yaml")
        self.given.write_text("owner: $(POD_NAME) $(POD_UID)")
        self.options = argparse.Namespace(namespace="team", template=self.given, selector="spark-role=driver")

    def run_with(self, server, submitted=0):
        process = mock.Mock(returncode=submitted)
        patches = [
            mock.patch.object(submit, "TEMPLATE", self.written),
            mock.patch.object(submit, "connect", return_value=server),
            mock.patch.object(submit.subprocess, "run", return_value=process),
            mock.patch.object(submit.time, "sleep"),
            mock.patch.dict(os.environ, POD_UID="1-2-3"),
            contextlib.redirect_stdout(io.StringIO()),
        ]
        with contextlib.ExitStack() as stack:
            *_, out = [stack.enter_context(patch) for patch in patches]
            return submit.run(self.options, ["local:///pi.py"], "pi"), out.getvalue()

    def test_ends_as_the_driver_did_and_says_so(self):
        end = driver("Failed", {"exitCode": 3, "reason": "Error", "message": "no such table"})
        code, out = self.run_with(Server(**{f"{PODS}/pi-driver": [driver("Pending"), end]}))
        self.assertEqual(code, 3)
        self.assertTrue(out.endswith("submit: the driver pi-driver ended with exit code 3: no such table\n"))

    def test_makes_its_own_pod_the_owner(self):
        self.run_with(Server(**{f"{PODS}/pi-driver": [driver("Succeeded", {"exitCode": 0})]}))
        self.assertEqual(self.written.read_text(), "owner: pi 1-2-3")

    def test_waits_for_no_driver_that_was_not_made(self):
        server = Server()
        self.assertEqual(self.run_with(server, submitted=1)[0], 1)
        self.assertNotIn(("GET", f"{PODS}/pi-driver"), server.asked)

    def test_takes_the_driver_along_when_it_is_told_to_stop(self):
        server = Server()
        with mock.patch.object(submit, "wait", side_effect=submit.Stopped):
            self.assertEqual(self.run_with(server)[0], 143)
        self.assertIn(("DELETE", f"{PODS}/pi-driver"), server.asked)


class Arguments(unittest.TestCase):
    def test_after_two_dashes_are_those_of_spark_submit(self):
        options, command = submit.arguments(["--template", "t", "--selector", "s", "--namespace", "team", "--", "--conf", "a=b", "x.py"])
        self.assertEqual((options.selector, options.namespace, command), ("s", "team", ["--conf", "a=b", "x.py"]))


if __name__ == "__main__":
    unittest.main()
