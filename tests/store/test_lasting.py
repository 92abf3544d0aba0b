"""An embedded PostgreSQL keeps what was committed, whoever starts, joins, leaves or is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tradeloop.store import cluster, programs
from tradeloop.store.cluster import FolderUnusable
from tradeloop.store.lasting import Place, ServerWontStart, is_running, lasting_server
from tradeloop.store.lasting_settings import SETTINGS

NOBODY = 65_534
GONE_WITHIN_S = 30
AS_ROOT = os.geteuid() == 0

# Joins the server of a folder, writes a row, and stays until its input ends.
CLIENT = """
import sys, psycopg
from pathlib import Path
from tradeloop.store.lasting import lasting_server
with lasting_server(Path(sys.argv[1])) as address:
    with psycopg.connect(address) as con:
        con.execute("create table if not exists kept (n int)")
        con.execute("insert into kept values (1)")
    print(address, flush=True)
    sys.stdin.read()
"""


@contextmanager
def client(folder: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """Run another process that uses the server; it leaves when its input is closed."""
    words = [*before, sys.executable, "-c", CLIENT, str(folder)]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    )
    assert process.stdout is not None
    assert "dbname=" in process.stdout.readline()
    try:
        yield process
    finally:
        process.communicate()


def rows(address: str) -> int:
    with psycopg.connect(address) as con:
        found = con.execute("select count(*) from kept").fetchone()
    assert found is not None
    return int(found[0])


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def wait_until_gone(folder: Path) -> None:
    until = time.monotonic() + GONE_WITHIN_S
    while is_running(folder):
        assert time.monotonic() < until, "PostgreSQL did not end"
        time.sleep(0.05)


def write(folder: Path) -> None:
    with client(folder):
        pass


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    write(folder)
    assert not is_running(folder)

    with lasting_server(folder) as address:
        assert rows(address) == 1

    assert cluster.last_state(folder) == "shut down"


def test_every_setting_of_the_table_is_in_force(tmp_path: Path) -> None:
    with lasting_server(tmp_path / "postgres") as address, psycopg.connect(address) as con:
        for name, value in SETTINGS.items():
            assert con.execute("select current_setting(%s)", (name,)).fetchone() == (value,)
        assert con.execute("show data_checksums").fetchone() == ("on",)
        assert con.execute("show listen_addresses").fetchone() == ("",)
        assert con.execute("select 'B' < 'a' and 'Z' < '中'").fetchone() == (True,)


def test_the_last_of_two_processes_to_leave_stops_it(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with client(folder):
        with lasting_server(folder) as address:
            assert rows(address) == 1
        assert is_running(folder)

    assert not is_running(folder)


def test_many_that_come_at_once_share_one_server(tmp_path: Path) -> None:
    folder, seen = tmp_path / "postgres", set()
    together = threading.Barrier(8)

    def come() -> None:
        together.wait()
        for _ in range(3):
            with lasting_server(folder) as address, psycopg.connect(address) as con:
                seen.add(con.execute("show data_directory").fetchone())

    threads = [threading.Thread(target=come) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert seen == {(str(folder),)}
    assert not is_running(folder)


def test_one_who_is_killed_takes_nobody_elses_server_along(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with lasting_server(folder) as address:
        with client(folder) as other:
            other.kill()
        with client(folder):
            pass  # leaves in order, and finds us
        assert rows(address) == 2

    assert not is_running(folder)


def test_the_next_one_stops_what_a_killed_last_user_left_running(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with client(folder) as only:
        only.kill()
    assert is_running(folder)

    with lasting_server(folder) as address:
        assert rows(address) == 1

    assert not is_running(folder)


def test_what_was_committed_survives_a_killed_postgres(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with client(folder):
        os.kill(postmaster(folder), signal.SIGKILL)
        with lasting_server(folder) as address:
            assert rows(address) == 1

    assert not is_running(folder)


def test_a_number_that_another_program_has_now_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with client(folder):
        left = (folder / "postmaster.pid").read_text()
        os.kill(postmaster(folder), signal.SIGKILL)
    wait_until_gone(folder)
    number = left.splitlines()[0]
    user = programs.owner(folder)
    other = subprocess.Popen(["/bin/sleep", "60"], **programs.as_user(user))
    (folder / "postmaster.pid").write_text(left.replace(number, str(other.pid), 1))

    with lasting_server(folder) as address:
        assert rows(address) == 1

    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_server_that_somebody_else_started_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    write(folder)
    user = programs.owner(folder)
    programs.run(
        "pg_ctl", "start", "-w", "-D", str(folder), "-l", str(folder / "log"),
        "-o", f"-c listen_addresses= -k {folder}", user=user,
    )  # fmt: skip
    number = postmaster(folder)

    with pytest.raises(FolderUnusable, match="tradeloop did not start"), lasting_server(folder):
        pass

    assert postmaster(folder) == number
    programs.run("pg_ctl", "stop", "-D", str(folder), "-m", "fast", user=user)


def test_what_a_killed_first_start_left_is_removed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    left = tmp_path / f"postgres{cluster.BEGINNING}abc"
    left.mkdir()
    (left / "PG_VERSION").write_text("18\n")

    write(folder)

    assert not left.exists()


def test_a_first_start_that_is_killed_at_any_time_is_made_good_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    for wait_s in (0.3, 0.45, 0.6, 0.75):
        words = [sys.executable, "-c", CLIENT, str(folder)]
        first = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        time.sleep(wait_s)
        first.kill()
        first.communicate()

    with client(folder), lasting_server(folder) as address:
        assert rows(address) >= 1
    assert not list(tmp_path.glob(f"*{cluster.BEGINNING}*"))


def test_a_folder_of_other_things_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")

    with (
        pytest.raises(FolderUnusable, match="holds files, but no PostgreSQL"),
        lasting_server(folder),
    ):
        pass

    assert [one.name for one in folder.iterdir()] == ["letter.txt"]


def test_data_of_another_version_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    write(folder)
    (folder / "PG_VERSION").write_text("17\n")

    with pytest.raises(FolderUnusable, match="made by PostgreSQL 17"), lasting_server(folder):
        pass

    (folder / "PG_VERSION").write_text("18\n")
    with lasting_server(folder) as address:
        assert rows(address) == 1


def test_damaged_data_are_told_in_the_words_of_postgres(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    write(folder)
    control = folder / "global" / "pg_control"
    control.rename(tmp_path / "pg_control")

    with pytest.raises(ServerWontStart, match="pg_control"), lasting_server(folder):
        pass

    (tmp_path / "pg_control").rename(control)
    with lasting_server(folder) as address:
        assert rows(address) == 1


@pytest.mark.parametrize(
    "name",
    ["two words", "贸易 'quoted' \"twice\" $HOME `id`", "one,two", "x" * 120],
    ids=["space", "quotes", "comma", "long"],
)
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "postgres"
    write(folder)

    with lasting_server(folder) as address:
        assert rows(address) == 1
        sockets = cluster.sockets_now(folder)
    assert sockets is not None
    assert sockets == folder or not sockets.exists()


def test_the_socket_of_a_killed_server_does_not_stay_behind(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120) / "postgres"
    with client(folder) as only:
        left = cluster.sockets_now(folder)
        only.kill()
        os.kill(postmaster(folder), signal.SIGKILL)
    assert left is not None
    assert left.exists()
    wait_until_gone(folder)

    with lasting_server(folder):
        pass

    assert not left.exists()


def test_variables_that_mean_another_server_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/none", "PGUSER": "x", "PGHOST": "y"}.items():
        monkeypatch.setenv(name, value)

    with lasting_server(tmp_path / "postgres") as address, psycopg.connect(address) as con:
        assert con.execute("select current_user").fetchone() == ("postgres",)


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_an_ordinary_user_has_one_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    for above in tmp_path.parents:
        above.chmod(above.stat().st_mode | 0o001)
    tmp_path.chmod(0o711)
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if subprocess.run([*nobody, sys.executable, "-c", "import psycopg"], check=False).returncode:
        pytest.skip(f"{sys.executable} lies where only root can reach it")
    folder = home / "postgres"

    with client(folder, *nobody):
        assert folder.stat().st_uid == NOBODY
        # Root joins as the owner of the folder, and leaves what the owner can go on with.
        with lasting_server(folder) as address:
            assert rows(address) == 1
    with client(folder, *nobody), lasting_server(folder) as address:
        assert rows(address) == 2


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_what_is_anothers_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    write(folder)
    shutil.rmtree(folder.with_name("postgres-locks"))
    os.chown(tmp_path, NOBODY, NOBODY)  # the home is theirs, the data in it are not
    words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if subprocess.run([*words, sys.executable, "-c", "import psycopg"], check=False).returncode:
        pytest.skip(f"{sys.executable} lies where only root can reach it")
    folder.with_name("postgres.log").unlink()

    done = subprocess.run(
        [*words, sys.executable, "-c", CLIENT, str(folder)],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip

    assert "FolderUnusable" in done.stderr
    assert "belongs to user" in done.stderr


def test_children_that_outlive_their_parent_hold_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    forking = (
        "import os, sys, time; from pathlib import Path;"
        "from tradeloop.store.lasting import lasting_server;"
        "server = lasting_server(Path(sys.argv[1])); server.__enter__();"
        "child = os.fork(); time.sleep(0 if child else 60);"
        "server.__exit__(None, None, None); print(child, flush=True); os._exit(0)"
    )
    words = [sys.executable, "-c", forking, str(folder)]
    parent = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert not is_running(folder)

    with client(folder), lasting_server(folder) as address:
        assert rows(address) == 1

    assert not is_running(folder)
    os.kill(child, signal.SIGKILL)
    parent.communicate()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of its own with 16 MiB, where root runs the tests."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a disk")
    yield disk
    subprocess.run(["/bin/umount", str(disk)], check=True)


def test_a_full_disk_is_told_in_one_sentence(small_disk: Path) -> None:
    with (
        pytest.raises(FolderUnusable, match=r"MiB are free on its disk; PostgreSQL needs"),
        lasting_server(small_disk / "postgres"),
    ):
        pass

    assert not (small_disk / "postgres").exists()


def test_a_read_only_disk_is_told_in_one_sentence(small_disk: Path) -> None:
    subprocess.run(["/bin/mount", "-o", "remount,ro", str(small_disk)], check=True)

    with (
        pytest.raises(FolderUnusable, match="Read-only file system"),
        lasting_server(small_disk / "postgres"),
    ):
        pass


def test_long_waits_are_told(tmp_path: Path) -> None:
    folder, told = tmp_path / "postgres", []
    Place(folder).locks.mkdir(parents=True)
    with Place(folder).lock("gate") as gate:
        assert gate.try_take()
        free = threading.Timer(2.5, gate.release)
        free.start()
        with lasting_server(folder, tell=told.append):
            pass
        free.join()

    assert any("another command starts or stops" in line for line in told)
