"""The PostgreSQL of a `sluice dev` that a scenario started: to be killed, frozen and brought back."""
import os
import pathlib
import signal
import subprocess
import time

PROBE_SECONDS = 0.01


class Postgres:
    """The server of a `sluice dev`, by its process id."""

    def __init__(self, target):
        self.folder = pathlib.Path(target.log.name).parent / "data/postgres/cluster"

    def pid(self):
        return int((self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])

    def kill(self):
        process = pathlib.Path(f"/proc/{self.pid()}")
        self.command = process.joinpath("cmdline").read_bytes().decode().rstrip("\0").split("\0")
        self.program = os.readlink(process / "exe")
        os.kill(self.pid(), signal.SIGKILL)
        while any(lives_in(self.folder)):
            time.sleep(PROBE_SECONDS)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def signal(self, which):
        children = pathlib.Path(f"/proc/{self.pid()}/task/{self.pid()}/children").read_text(encoding="utf-8").split()
        for process in [self.pid(), *map(int, children)]:
            os.kill(process, which)

    def start(self):
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        not_as_root = ["unshare", "-U", "--"] if os.getuid() == 0 else []
        subprocess.Popen([*not_as_root, self.program, *self.command[1:]], cwd=self.folder, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def lives_in(folder):
    """For each process whether it works there: a PostgreSQL of this cluster that still lives."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            yield os.readlink(process / "cwd") == str(folder)
        except OSError:
            continue
