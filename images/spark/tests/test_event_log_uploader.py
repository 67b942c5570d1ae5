"""python3 -m unittest discover images/spark/tests"""

import importlib.util
import os
import sys
import tempfile
import threading
import unittest
from pathlib import Path


def load(name: str):
    specification = importlib.util.spec_from_file_location(name.replace("-", "_"), Path(__file__).parent.parent / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[module.__name__] = module
    specification.loader.exec_module(module)
    return module


uploader = load("event-log-uploader")
V = uploader.Version
SECOND = 1_000_000_000
FOLDER = "eventlog_v2_app"
EVENTS_1, EVENTS_2 = f"{FOLDER}/events_1_app.zstd", f"{FOLDER}/events_2_app.zstd"
STATUS, RUNNING = f"{FOLDER}/appstatus_app", f"{FOLDER}/appstatus_app.inprogress"


class Planning(unittest.TestCase):
    def plan(self, local, sent=None, remote=()):
        return uploader.plan_uploads(FOLDER, local, sent or {}, set(remote))

    def test_sends_events_in_their_order_and_the_status_last(self):
        local = {RUNNING: V(0, 1), f"{FOLDER}/events_10_app": V(5, 1), EVENTS_2: V(5, 1), EVENTS_1: V(5, 1)}
        self.assertEqual([action.path for action in self.plan(local)], [EVENTS_1, EVENTS_2, f"{FOLDER}/events_10_app", RUNNING])

    def test_sends_only_what_changed(self):
        local = {EVENTS_1: V(5, 1), EVENTS_2: V(9, 2), RUNNING: V(0, 1)}
        sent = {EVENTS_1: V(5, 1), EVENTS_2: V(7, 1), RUNNING: V(0, 1)}
        self.assertEqual(self.plan(local, sent, local), [uploader.Upload(EVENTS_2, V(9, 2))])

    def test_a_stopped_application_gets_its_new_status_before_the_old_one_goes(self):
        local = {EVENTS_1: V(6, 2), STATUS: V(0, 1)}
        actions = self.plan(local, {EVENTS_1: V(5, 1), RUNNING: V(0, 1)}, [EVENTS_1, RUNNING])
        self.assertEqual(actions, [uploader.Upload(EVENTS_1, V(6, 2)), uploader.Upload(STATUS, V(0, 1)), uploader.DeleteObject(RUNNING)])

    def test_an_old_status_left_by_an_interruption_goes_later(self):
        local = {EVENTS_1: V(6, 2), STATUS: V(0, 1)}
        self.assertEqual(self.plan(local, local, [EVENTS_1, STATUS, RUNNING]), [uploader.DeleteObject(RUNNING)])

    def test_what_the_history_server_compacted_counts_as_sent(self):
        local = {EVENTS_1: V(5, 1), EVENTS_2: V(5, 1), f"{FOLDER}/events_3_app.zstd": V(5, 1), RUNNING: V(0, 1)}
        remote = {f"{FOLDER}/events_2_app.zstd.compact", RUNNING}
        sent = uploader.superseded(FOLDER, local, remote)
        self.assertEqual(sorted(sent), [EVENTS_1, EVENTS_2])
        self.assertEqual([action.path for action in self.plan(local, sent, remote)], [f"{FOLDER}/events_3_app.zstd", RUNNING])

    def test_a_status_that_somebody_deleted_is_sent_again(self):
        local = {EVENTS_1: V(6, 2), RUNNING: V(0, 1)}
        self.assertEqual(self.plan(local, local, [EVENTS_1]), [uploader.Upload(RUNNING, V(0, 1))])

    def test_in_an_outage_the_oldest_events_go_but_never_those_that_spark_writes_to(self):
        local = {f"{FOLDER}/events_{index}_app": V(10, index) for index in range(1, 6)} | {RUNNING: V(0, 1)}
        self.assertEqual(uploader.plan_relief(local, 50), [])
        dropped = [uploader.DeleteLocal(f"{FOLDER}/events_{index}_app") for index in (1, 2)]
        self.assertEqual(uploader.plan_relief(local, 35), dropped)
        self.assertEqual(len(uploader.plan_relief(local, 0)), 3)

    def test_after_a_restart_an_object_of_the_same_size_is_the_same(self):
        local = {EVENTS_1: V(5, 1), EVENTS_2: V(9, 1)}
        self.assertEqual(uploader.already_sent(local, {EVENTS_1: 5, EVENTS_2: 7}), {EVENTS_1: V(5, 1)})


class Cleaning(unittest.TestCase):
    def clean(self, local, sent, now):
        return [action.path for action in uploader.plan_cleaning(local, sent, now * SECOND)]

    def test_the_only_application_stays_even_when_it_is_finished(self):
        local = {EVENTS_1: V(5, SECOND), STATUS: V(0, SECOND)}
        self.assertEqual(self.clean(local, local, 1000), [])

    def test_an_older_application_goes_when_all_of_it_is_sent(self):
        old = {EVENTS_1: V(5, SECOND), RUNNING: V(0, SECOND)}
        new = {"eventlog_v2_new/events_1_new": V(5, 900 * SECOND)}
        self.assertEqual(sorted(self.clean(old | new, old | new, 1000)), [RUNNING, EVENTS_1])
        self.assertEqual(self.clean(old | new, {RUNNING: V(0, SECOND)} | new, 1000), [])
        self.assertEqual(self.clean(old | new, old | new, 30), [])

    def test_rolled_files_of_a_running_application_go_but_the_last_two(self):
        local = {f"{FOLDER}/events_{number}_app": V(5, number * SECOND) for number in range(1, 6)} | {RUNNING: V(0, SECOND)}
        self.assertEqual(self.clean(local, local, 10), [f"{FOLDER}/events_{number}_app" for number in (1, 2, 3)])
        unsent = dict(local)
        del unsent[f"{FOLDER}/events_2_app"]
        self.assertEqual(self.clean(local, unsent, 10), [])


class Memory:
    """An object store that fails when it is told to."""

    def __init__(self):
        self.objects, self.broken, self.calls = {}, set(), []

    def check(self, what):
        self.calls.append(what)
        if what.split(" ")[0] in self.broken:
            raise ConnectionError("no route to the store")

    def sizes(self, application):
        self.check("list")
        return {path: len(content) for path, content in self.objects.items() if path.startswith(application)}

    def upload(self, source, path, size):
        self.check(f"put {path}")
        self.objects[path] = Path(source).read_bytes()[:size]

    def delete(self, path):
        self.check(f"delete {path}")
        del self.objects[path]


class Copying(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.directory = folder.name
        os.mkdir(os.path.join(folder.name, FOLDER))
        self.store = Memory()
        self.uploader = uploader.Uploader(self.directory, self.store)
        self.write(EVENTS_1, b"one")
        self.write(RUNNING, b"")
        self.write(f"{FOLDER}/.appstatus_app.inprogress.crc", b"crc")

    def write(self, path, content):
        Path(self.directory, path).write_bytes(content)

    def test_copies_a_life_from_start_to_end(self):
        self.assertEqual(self.uploader.run_once(), 2)
        self.assertEqual(self.store.objects, {EVENTS_1: b"one", RUNNING: b""})
        self.store.calls.clear()
        self.assertEqual(self.uploader.run_once(), 0)
        self.assertEqual(self.store.calls, [], "nothing changed, nothing is asked")
        self.write(EVENTS_1, b"one and two")
        os.rename(Path(self.directory, RUNNING), Path(self.directory, STATUS))
        self.uploader.run_once()
        self.assertEqual(self.store.objects, {EVENTS_1: b"one and two", STATUS: b""})

    def test_an_outage_in_the_middle_is_made_good(self):
        self.store.broken = {"put"}
        with self.assertRaises(ConnectionError):
            self.uploader.run_once()
        self.store.broken = set()
        self.assertEqual(self.uploader.run_once(), 2)
        os.rename(Path(self.directory, RUNNING), Path(self.directory, STATUS))
        self.store.broken = {"delete"}
        with self.assertRaises(ConnectionError):
            self.uploader.run_once()
        self.assertIn(RUNNING, self.store.objects)
        self.store.broken = set()
        self.uploader.run_once()
        self.assertEqual(sorted(self.store.objects), [STATUS, EVENTS_1])

    def test_a_second_uploader_sends_nothing_twice(self):
        self.uploader.run_once()
        self.store.calls.clear()
        self.assertEqual(uploader.Uploader(self.directory, self.store).run_once(), 0)
        self.assertEqual(self.store.calls, ["list"])

    def test_the_signal_to_stop_brings_a_last_pass(self):
        stop = threading.Event()
        stop.set()
        with self.redirected():
            self.assertEqual(uploader.run(self.uploader, 10, 1, stop), 0)
            self.assertIn(EVENTS_1, self.store.objects)
            self.write(EVENTS_1, b"more")
            self.store.broken = {"list"}
            self.assertEqual(uploader.run(self.uploader, 10, 0, stop), 1)
        self.assertTrue(Path(self.directory, EVENTS_1).exists())

    def redirected(self):
        import contextlib
        import io

        return contextlib.redirect_stdout(io.StringIO())


class Arguments(unittest.TestCase):
    def test_names_what_is_wrong(self):
        import contextlib
        import io

        for given, expected in [
            ([], "--directory"),
            (["--directory", "/x", "--to", "/logs"], "expected s3a://bucket/prefix"),
            (["--directory", "/x", "--to", "s3a://logs", "--endpoint", "minio:9000"], "expected http://host:port"),
        ]:
            said = io.StringIO()
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(said):
                uploader.arguments(given)
            self.assertIn(expected, said.getvalue())


if __name__ == "__main__":
    unittest.main()
