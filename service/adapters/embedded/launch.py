"""Becomes the server program: drops privileges, asks to be told of the parent's death, then executes it.

Run as a script of its own, by `python -I -S`, because nothing but `exec` is safe after a fork in a process
with threads. Imports only what it needs: it stands between every start and the server.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main(parent: str, death_signal: str, account: str, *command: str) -> None:
    if account:
        uid, gid = map(int, account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if sys.platform == "linux":
        # After the change of user: changing credentials clears it (prctl(2)).
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):
        sys.exit("the service ended while its server started")
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.execv(command[0], command)  # noqa: S606  a program of ours with arguments of ours, no shell


if __name__ == "__main__":
    main(*sys.argv[1:])
