"""The exit codes of the command, once for all its parts."""

REFUSED = 1
WRONG = 1  # a doctor found something that must be mended
NOTHING_READ = 2
NO_ROOM = 3
INTERRUPTED, PIPE_CLOSED, TERMINATED = 130, 141, 143  # as shells count signals
