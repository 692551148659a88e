"""Workloads on vectorbt: signals filled at the close of their bar, all cash, long only."""

import numpy as np
import pandas as pd
import vectorbt as vbt


def _close(bars):
    return pd.Series(bars["close"], index=pd.to_datetime(bars["time"].astype("int64"), unit="ms"))


def _metrics(portfolio):
    return [
        portfolio.total_return(),
        portfolio.sharpe_ratio(),
        portfolio.max_drawdown(),
        portfolio.trades.count(),
    ]


def _rows(metrics):
    columns = [np.atleast_1d(np.asarray(metric, dtype=np.float64)) for metric in metrics]
    rows = np.column_stack(columns)
    # Drawdowns are negative there.
    rows[:, 2] = -rows[:, 2]
    return rows


def _crossed(close, fast, slow, fee, cash, frequency="1D", **size):
    """Bought where the fast averages cross above the slow ones, sold where they cross below; all cash unless `size` says otherwise."""
    portfolio = vbt.Portfolio.from_signals(
        close,
        fast.ma_crossed_above(slow),
        fast.ma_crossed_below(slow),
        fees=fee,
        init_cash=cash,
        freq=frequency,
        **size,
    )
    return _metrics(portfolio)


def sma_grid(bars, first, last, fee, cash):
    """All pairs of averages with windows `first` to `last`, in the order of the combinations of both."""
    close = _close(bars)

    def work():
        fast, slow = vbt.MA.run_combs(close, np.arange(first, last + 1), r=2)
        return _crossed(close, fast, slow, fee, cash)

    return work, _rows


def window_grid(bars, fast_first, fast_last, slow_first, slow_last, fee, cash):
    """Every fast window with every slow one."""
    close = _close(bars)
    pairs = [(a, b) for a in range(fast_first, fast_last + 1) for b in range(slow_first, slow_last + 1)]

    def work():
        fast = vbt.MA.run(close, [a for a, _ in pairs], short_name="fast")
        slow = vbt.MA.run(close, [b for _, b in pairs], short_name="slow")
        return _crossed(close, fast, slow, fee, cash)

    return work, _rows


def sma_run(bars, fast, slow, fee, cash, share, frequency):
    """One pair; returns are those of bars."""
    close = _close(bars)

    def work():
        quick = vbt.MA.run(close, fast)
        calm = vbt.MA.run(close, slow)
        return _crossed(close, quick, calm, fee, cash, frequency, size=share, size_type="percent")

    return work, _rows
