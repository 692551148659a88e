"""Averages and crossings with the last bits of all programs compared: where two averages tie, those decide whether they cross."""

import numpy as np


def sma(values, window):
    """Simple moving average as the difference of two running sums."""
    sums = np.cumsum(values)
    means = np.full(len(values), np.nan)
    means[window - 1] = sums[window - 1]
    means[window:] = sums[window:] - sums[:-window]
    return means / window


def crossed(a, b):
    """Where `a` is above `b` and was below it at the bar before."""
    found = np.zeros(len(a), dtype=bool)
    with np.errstate(invalid="ignore"):
        found[1:] = (a[:-1] < b[:-1]) & (a[1:] > b[1:])
    return found


def crossings(a, b):
    """Where `a` comes to be above `b`, and where below it. Bars at which both are equal do not count: the side of before them does."""
    with np.errstate(invalid="ignore"):
        side = np.sign(a - b)
    told = np.flatnonzero(np.abs(side) == 1)
    turned = told[1:][side[told[1:]] != side[told[:-1]]]
    up = np.zeros(len(a), dtype=bool)
    down = np.zeros(len(a), dtype=bool)
    up[turned[side[turned] > 0]] = True
    down[turned[side[turned] < 0]] = True
    return up, down
