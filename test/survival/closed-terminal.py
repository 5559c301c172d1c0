"""Runs a command on a terminal of its own, and closes the terminal once the command has said something.

    python3 closed-terminal.py WORDS COMMAND ...

Everything in the terminal's foreground then gets SIGHUP, and what it writes fails with EIO, as when an SSH session is
dropped. Prints the command's exit code, as a shell would: 128 and the signal's number where a signal ended it.
"""

import os
import pty
import sys

words = sys.argv[1].encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
said = b""
while words not in said:
    said += os.read(terminal, 4096)
os.close(terminal)
_, status = os.waitpid(pid, 0)
print(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
