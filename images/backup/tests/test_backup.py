"""What the backup program decides by itself; that dumps are made and restored is tried on a cluster."""

import sys
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))
import backup  # noqa: E402

NOW = datetime(2026, 11, 30, 2, tzinfo=timezone.utc)
MANIFEST = {"size": 1, "sha256": "", "rows": {}}


def aged(days, whole=True, manifest=MANIFEST):
    return backup.Backup(f"{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}-0a1b2c", manifest, whole and manifest is not None)


def deleted(backups, days=30, keep=2):
    return [old.id for old in backup.old_backups(backups, NOW, days, keep)]


class Retention(unittest.TestCase):
    def test_deletes_what_is_old_and_keeps_the_rest(self):
        old, young = aged(31), [aged(29), aged(2), aged(1)]
        self.assertEqual(deleted([old, *young]), [old.id])

    def test_never_deletes_the_newest_whole_ones_however_old(self):
        last = [aged(400), aged(300)]
        self.assertEqual(deleted([aged(500), *last]), [aged(500).id])
        self.assertEqual(deleted(last), [])

    def test_broken_ones_do_not_count_as_kept(self):
        whole, broken = aged(200), aged(40, whole=False)
        self.assertEqual(deleted([whole, broken], keep=1), [broken.id])

    def test_deletes_nothing_while_there_is_no_whole_one(self):
        self.assertEqual(deleted([aged(400, whole=False), aged(300, manifest=None)]), [])

    def test_leaves_uploads_alone_that_may_still_run(self):
        running, dead = aged(1, manifest=None), aged(3, manifest=None)
        self.assertEqual(deleted([running, dead, aged(0)]), [dead.id])

    def test_age_is_read_from_the_id(self):
        self.assertEqual(aged(1).time, NOW - timedelta(days=1))


class Verification(unittest.TestCase):
    def test_a_dump_lists_every_table_and_is_read_to_its_end(self):
        listing = ";\n; Archive\n;\n215; 1259 16386 TABLE public a owner\n3343; 0 16386 TABLE DATA public a owner\n"
        with mock.patch.object(backup, "run", side_effect=[listing, ""]) as run:
            backup.verify(Path("x"), 1)
        self.assertEqual([call.args[1] for call in run.call_args_list], ["--list", "--file=/dev/null"])
        with mock.patch.object(backup, "run", return_value=listing), self.assertRaisesRegex(backup.Refused, "lists 1 tables of 2"):
            backup.verify(Path("x"), 2)

    def test_a_program_that_fails_is_quoted(self):
        with self.assertRaisesRegex(backup.Refused, "^sh ended with 3: broken$"):
            backup.run("sh", "-c", "echo first >&2; echo broken >&2; exit 3")

    def test_the_checksum_is_that_of_the_file(self):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "x"
            path.write_bytes(b"abc")
            self.assertEqual(backup.sha256(path), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


class Restore(unittest.TestCase):
    def test_wants_an_id_and_a_manifest(self):
        store = mock.Mock(bucket="b", prefix="p", manifest=mock.Mock(return_value=None))
        with self.assertRaisesRegex(backup.Refused, '"latest" is not the id of a backup'):
            backup.restore(store, Path("x"), "latest")
        with self.assertRaisesRegex(backup.Refused, "there is no such backup in b/p, or it never came to its end"):
            backup.restore(store, Path("x"), "20261121T020000Z-0a1b2c")
        store.download.assert_not_called()


if __name__ == "__main__":
    unittest.main()
