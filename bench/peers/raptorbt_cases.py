"""Workloads on RaptorBT: long only, all cash. Its grid is given the signals that vectorbt makes; making them is not timed."""

import numpy as np
import pandas as pd
import raptorbt
import vectorbt as vbt
from raptorbt.strategy.orders import Market

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


def sma_grid(bars, first, last, fee, cash):
    close = pd.Series(bars["close"], index=pd.to_datetime(bars["time"].astype("int64"), unit="ms"))
    fast, slow = vbt.MA.run_combs(close, np.arange(first, last + 1), r=2)
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


def sma_run(bars, fast, slow, fee, cash, periods_per_year):
    """One pair, averages and crossings included."""
    columns = _columns(bars)
    close = bars["close"]
    config = _config(fee, cash, periods_per_year)

    def work():
        quick = raptorbt.sma(close, fast)
        calm = raptorbt.sma(close, slow)
        above = quick > calm
        below = quick < calm
        entries = np.zeros(len(close), dtype=bool)
        exits = np.zeros(len(close), dtype=bool)
        entries[1:] = above[1:] & ~above[:-1]
        exits[1:] = below[1:] & ~below[:-1]
        # Without a value before it a first state is no crossing.
        entries[: slow] = False
        exits[: slow] = False
        return raptorbt.run_single_backtest(*columns, entries, exits, direction=LONG, config=config)

    return work, lambda result: np.array([_metrics_row(result)])


def event_run(bars, strategy, fee, cash, units, fast, slow, loss, gain):
    """A Python callback at each bar, filled at the next open. Crossings are computed before the first bar."""
    columns = _columns(bars)

    class Crossing(raptorbt.Strategy):
        def on_start(self, ctx):
            quick = raptorbt.sma(ctx.close, fast)
            calm = raptorbt.sma(ctx.close, slow)
            up = np.zeros(len(quick), dtype=bool)
            down = np.zeros(len(quick), dtype=bool)
            up[1:] = (quick[:-1] < calm[:-1]) & (quick[1:] > calm[1:])
            down[1:] = (quick[:-1] > calm[:-1]) & (quick[1:] < calm[1:])
            # Elements of lists are read faster than those of arrays.
            self.up = up.tolist()
            self.down = down.tolist()
            self.closes = ctx.close.tolist()
            self.held = False

        def on_position_opened(self, ctx, event):
            self.held = True

        def on_position_closed(self, ctx, event):
            self.held = False

        def on_bar(self, ctx):
            i = ctx.idx
            if self.held:
                if self.down[i]:
                    self.close_position()
            elif self.up[i]:
                self.submit_order(Market(side="buy", units=units))

    class Bracket(Crossing):
        def on_bar(self, ctx):
            i = ctx.idx
            if self.up[i] and not self.held:
                close = self.closes[i]
                self.submit_order(
                    Market(side="buy", units=units, stop_price=close * (1 - loss), target_price=close * (1 + gain))
                )

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
