"""Workloads on RaptorBT: long only, all cash. The array runs are given the signals that vectorbt makes; making them is not timed."""

import time

import numpy as np
import pandas as pd
import raptorbt
import vectorbt as vbt
from averages import crossed, crossings, sma
from stopped import Stopped

LONG = 1


def _config(fee, cash, periods_per_year, timing="same_bar_close"):
    return raptorbt.BacktestConfig(
        initial_capital=cash, fees=fee, periods_per_year=periods_per_year, fill_timing=timing
    )


def _columns(bars):
    times = (bars["time"].astype("int64") * 1_000_000).astype("int64")
    return (times, bars["open"], bars["high"], bars["low"], bars["close"], bars["volume"])


def _metrics_row(result):
    metrics = result.metrics
    return [
        metrics.total_return_pct / 100,
        metrics.sharpe_ratio,
        metrics.max_drawdown_pct / 100,
        metrics.total_trades,
    ]


def _close(bars):
    return pd.Series(bars["close"], index=pd.to_datetime(bars["time"].astype("int64"), unit="ms"))


def sma_grid(bars, first, last, fee, cash):
    fast, slow = vbt.MA.run_combs(_close(bars), np.arange(first, last + 1), r=2)
    entries = fast.ma_crossed_above(slow).to_numpy()
    exits = fast.ma_crossed_below(slow).to_numpy()
    config = _config(fee, cash, 365)
    items = [
        raptorbt.BatchSingleItem(
            str(k),
            np.ascontiguousarray(entries[:, k]),
            np.ascontiguousarray(exits[:, k]),
            direction=LONG,
            config=config,
        )
        for k in range(entries.shape[1])
    ]
    columns = _columns(bars)

    def work():
        return raptorbt.batch_single_backtest(*columns, items)

    return work, lambda results: np.array([_metrics_row(result) for _, result in results])


PART = 100


def window_grid(bars, fast_first, fast_last, slow_first, slow_last, fee, cash):
    """Every fast window with every slow one, with signals made from running sums. A part of them at a time; the clock stops meanwhile."""
    close = bars["close"]
    config = _config(fee, cash, 365)
    columns = _columns(bars)
    averages = {}
    pairs = [(a, b) for a in range(fast_first, fast_last + 1) for b in range(slow_first, slow_last + 1)]

    def average(window):
        if window not in averages:
            averages[window] = sma(close, window)
        return averages[window]

    def item(fast, slow):
        up, down = crossings(average(fast), average(slow))
        return raptorbt.BatchSingleItem(f"{fast}/{slow}", up, down, direction=LONG, config=config)

    def work():
        rows = []
        elapsed = 0
        for first in range(0, len(pairs), PART):
            part = pairs[first : first + PART]
            items = [item(fast, slow) for fast, slow in part]
            averages.clear()
            started = time.perf_counter_ns()
            results = raptorbt.batch_single_backtest(*columns, items)
            elapsed += time.perf_counter_ns() - started
            # Whatever order they come in, each has its name.
            found = dict(results)
            rows.extend(_metrics_row(found[f"{fast}/{slow}"]) for fast, slow in part)
            del items, results, found
        return Stopped(np.array(rows), elapsed / 1e6)

    return work, lambda rows: rows


def sma_run(bars, fast, slow, fee, cash, share, periods_per_year):
    quick = vbt.MA.run(_close(bars), fast)
    calm = vbt.MA.run(_close(bars), slow)
    entries = quick.ma_crossed_above(calm).to_numpy()
    exits = quick.ma_crossed_below(calm).to_numpy()
    columns = _columns(bars)
    config = _config(fee, cash, periods_per_year)
    shares = np.full(len(entries), share)

    def work():
        return raptorbt.run_single_backtest(
            *columns, entries, exits, direction=LONG, config=config, position_sizes=shares
        )

    return work, lambda result: np.array([_metrics_row(result)])


def event_run(bars, strategy, fee, cash, fast, slow, loss, gain):
    """A Python callback at each bar, all cash, filled at the next open. Crossings are computed before the first bar.

    Entries are `enter` intents: orders of a number of units are kept in a list that it walks at every bar, which is ten times slower.
    """
    columns = _columns(bars)

    class Crossing(raptorbt.Strategy):
        def on_start(self, ctx):
            quick = sma(ctx.close, fast)
            calm = sma(ctx.close, slow)
            up = crossed(quick, calm)
            down = crossed(calm, quick)
            # Elements of lists are read faster than those of arrays.
            self.up = up.tolist()
            self.down = down.tolist()
            self.closes = ctx.close.tolist()
            self.held = False

        def on_bar(self, ctx):
            # Asked before what was ordered at the bar before is filled at this one's open: it has to remember its orders.
            i = ctx.idx
            if self.held:
                if self.down[i]:
                    self.close_position()
                    self.held = False
            elif self.up[i]:
                self.enter()
                self.held = True

    class Bracket(Crossing):
        def on_position_closed(self, ctx, event):
            self.held = False

        def on_bar(self, ctx):
            i = ctx.idx
            if self.up[i] and not self.held:
                close = self.closes[i]
                self.enter(stop_price=close * (1 - loss), target_price=close * (1 + gain))
                self.held = True

    config = _config(fee, cash, None, timing="next_bar_open")
    kind = {"crossing": Crossing, "bracket": Bracket}[strategy]

    def work():
        return raptorbt.run_strategy_backtest(kind(), *columns, direction=LONG, config=config)

    def rows(result):
        return np.array(
            [
                [trade.entry_idx, trade.exit_idx, trade.entry_price, trade.exit_price, trade.size, trade.pnl]
                for trade in result.trades()
                if trade.exit_reason != "EndOfData"
            ]
        )

    return work, rows
