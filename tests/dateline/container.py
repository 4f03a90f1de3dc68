"""What a container engine does with the files of `dateline schedule export --compose`, done with mounts: a root that
can only be read, made of the system and the installed program, a volume, a nobody, and processes of its own."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parent.parent.parent
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc")
NOBODY = "10001"
ENTER = """
set -e
root=$1; shift
mount --make-rprivate /
mount -t tmpfs -o mode=755 container "$root"
mkdir -p "$root/proc" "$root/tmp" "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=64m container "$root/tmp" # first: the checkout may lie below /tmp
show() {
    test -e "$1" || return 0
    mkdir -p "$root$2"
    mount --rbind "$1" "$root$2"
    mount -o "remount,bind,$3" "$root$2"
}
for volume in "$@"; do
    test "$volume" != -- || break
    show $volume
    shift
done
shift
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777,size=64m container "$root/dev/shm"
for device in null zero urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -o remount,ro "$root"
exec chroot "$root" "$@"
"""
WITHOUT_RIGHTS = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"),
)

IN_DATA = ("sh", "-c", 'cd /data; exec "$@"', "sh")


TRIAL = """
set -e
mount --make-rprivate /
mount -t tmpfs trial /mnt
mkdir /mnt/proc /mnt/usr
mount -t proc proc /mnt/proc
mount --rbind /usr /mnt/usr
mount -o remount,bind,ro /mnt/usr
"$@" true
"""


def can_be_made() -> bool:
    """Whether this user may do here all that `ENTER` does, and the programs for it are here."""
    if not all(map(shutil.which, ("unshare", "setpriv", "nsenter", "chroot", "hostname"))):
        return False
    command = ["unshare", "--mount", "--pid", "--uts", "--fork", "sh", "-c", TRIAL, "sh", *WITHOUT_RIGHTS]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What the Containerfile and compose.yaml say, and where the program was installed for it."""

    program: Path
    environment: dict[str, str]
    entrypoint: list[str]
    services: dict[str, Any]


def build_image(folder: Path, program: Path) -> Image:
    """Install the checkout into `program`, as the Containerfile does, and read what else its `folder` says."""
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*pip, "--target", program, CHECKOUT], check=True, capture_output=True)
    lines = (folder / "Containerfile").read_text().splitlines()
    said = {line.split()[0]: line.partition(" ")[2] for line in lines if re.match("[A-Z]", line)}
    environment = dict(pair.split("=", 1) for pair in shlex.split(said["ENV"]))
    return Image(
        program=program,
        environment=environment,
        entrypoint=yaml.safe_load(said["ENTRYPOINT"]),
        services=yaml.safe_load((folder / "compose.yaml").read_text())["services"],
    )


class Container:
    """One that runs; commands can be run in it."""

    def __init__(self, process: subprocess.Popen[bytes], environment: list[str], log: Path) -> None:
        self.process, self._environment, self._log = process, environment, log

    def end(self, number: int = 0) -> str:
        """Wait for its end, after a signal if one is given; what it said, and an exit code other than 0."""
        if number:
            os.kill(self.pid, number)
        code = self.process.wait(45)
        return self._log.read_text() + (f"ended with {code}" if code else "")

    def kill(self) -> None:
        """End all of it. The first process of a container takes the others with it; unshare itself does not."""
        if self.process.poll() is None:
            for pid in self._children():
                os.kill(pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def is_made(self) -> bool:
        """Whether the root that is seen in it is its own."""
        return any(Path(f"/proc/{pid}/root/opt/dateline").exists() for pid in self._children())

    def _children(self) -> list[int]:
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in told.split()]

    @property
    def pid(self) -> int:
        """The number, out here, of what has the number one in there."""
        [pid] = self._children()
        return pid

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it to its end."""
        inside = ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--uts", "--root"]
        return subprocess.run(
            [*inside, *WITHOUT_RIGHTS, "env", "-i", *self._environment, *IN_DATA, *command],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )


@contextmanager
def running(
    image: Image, name: str, volumes: dict[Path, str], command: list[str], scratch: Path, **environment: str
) -> Iterator[Container]:
    """A container of this host name that does what the entry point makes of a command; killed at the end.

    `volumes` are shown at their places; `:ro` after one has it read only.
    """
    root = scratch / f"root-{name}"
    root.mkdir()
    base, ours = Path(sys.base_prefix), Path(sys.prefix)
    shown = [(Path(path), path, "ro") for path in SYSTEM]
    shown += [(base, str(base), "ro"), (ours, str(ours), "ro"), (image.program, "/opt/dateline", "ro")]
    shown += [
        (path, place.removesuffix(":ro"), "ro" if place.endswith(":ro") else "rw")
        for path, place in volumes.items()
    ]
    # The libraries are those of the tests; only the program itself lies where the image has both.
    given = {**image.environment, "PYTHONPATH": "/opt/dateline", **environment}
    given["PATH"] = given["PATH"].replace("$PATH", f"{ours}/bin:/usr/bin:/bin")
    variables = [f"{key}={value}" for key, value in given.items()]
    log = scratch / f"{name}.log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [
                *("unshare", "--mount", "--pid", "--uts", "--fork"),
                *("sh", "-c", f"hostname {name}; {ENTER}", "sh", str(root)),
                *(" ".join([str(path), place, mode]) for path, place, mode in shown),
                *("--", *WITHOUT_RIGHTS, "env", "-i", *variables, *IN_DATA),
                *(*image.entrypoint, *command),
            ],
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    container = Container(process, variables, log)
    try:
        while process.poll() is None and not container.is_made():
            time.sleep(0.01)
        yield container
    finally:
        container.kill()
