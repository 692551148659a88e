"""Runs the measured workloads of other programs, as asked for on stdin: one JSON document a line, one answer a line on stdout.

Request: {"id", "case", "bars": folder, "options": {...}, "out": file or null}
Answer:  {"id", "elapsedMs", "shape": [rows, columns], "peakBytes"}, or {"id", "error"}.
{"id", "versions": [package, ...]} asks for versions.

The clock runs around the work alone: bars are loaded, signals and lines that a program is given are made, and results turned into
numbers outside of it. Results go to `out` as little-endian float64, row by row.
"""

import gc
import importlib
import importlib.metadata
import json
import os
import sys
import time
import traceback

import numpy as np
from stopped import Stopped

COLUMNS = ("time", "open", "high", "low", "close", "volume")
MODULES = ("vectorbt_cases", "raptorbt_cases", "backtesting_cases", "talib_cases")

_bars = {}
_prepared = {}


def bars_in(folder):
    """The columns of a folder of bars, by name."""
    if folder not in _bars:
        _bars.clear()
        _prepared.clear()
        _bars[folder] = {name: np.fromfile(os.path.join(folder, name + ".f64"), dtype="<f8") for name in COLUMNS}
    return _bars[folder]


def prepared(case, folder, options):
    """What a case needs before its clock starts: a pair of functions, the work and the one that makes rows of its result."""
    key = json.dumps([case, folder, options], sort_keys=True)
    if key not in _prepared:
        # One at a time: the signals of a whole grid are large.
        _prepared.clear()
        module = importlib.import_module(case.split("/")[0])
        _prepared[key] = getattr(module, case.split("/")[1])(bars_in(folder), **options)
    return _prepared[key]


def peak_bytes():
    """The most memory that this process has had, or None where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def answer(request):
    if "versions" in request:
        return {"versions": {name: importlib.metadata.version(name) for name in request["versions"]}}
    case = request["case"]
    if case.split("/")[0] not in MODULES:
        raise ValueError(f"unknown case {case}")
    work, rows_of = prepared(case, request["bars"], request["options"])
    gc.collect()
    started = time.perf_counter_ns()
    result = work()
    elapsed = (time.perf_counter_ns() - started) / 1e6
    if isinstance(result, Stopped):
        # Too large to be made ready at once: the case stops its own clock while it makes the next part ready.
        elapsed, result = result.elapsed_ms, result.result
    shape = None
    if request.get("out"):
        rows = np.ascontiguousarray(rows_of(result), dtype="<f8")
        rows.tofile(request["out"])
        shape = list(rows.shape)
    return {"elapsedMs": elapsed, "shape": shape, "peakBytes": peak_bytes()}


def main():
    # What a program prints belongs to the log, not between the answers.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = answer(request)
        except Exception as error:
            traceback.print_exc()
            reply = {"error": f"{type(error).__name__}: {error}"}
        out.write(json.dumps({"id": request["id"], **reply}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
