"""The exit codes of the command, once for all its parts."""

REFUSED = 1
NOTHING_READ = 2
NO_ROOM = 3
INTERRUPTED, PIPE_CLOSED, TERMINATED = 130, 141, 143  # as shells count signals
