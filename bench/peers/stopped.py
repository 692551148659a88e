"""Work that is made ready part by part, since all of it at once would not fit into memory."""


class Stopped:
    """A result with the milliseconds that the work alone took."""

    def __init__(self, result, elapsed_ms):
        self.result = result
        self.elapsed_ms = elapsed_ms
