"""Workloads on backtesting.py. Crossings are computed before the run, which is faster there than to ask for them at each bar."""

import warnings

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy

warnings.filterwarnings("ignore", module="backtesting")


def _frame(bars):
    names = ("Open", "High", "Low", "Close", "Volume")
    columns = {name: bars[name.lower()] for name in names}
    return pd.DataFrame(columns, index=pd.to_datetime(bars["time"].astype("int64"), unit="ms"))


def _sma(values, window):
    """Sums of a running sum, as in all programs compared: where averages tie, the last bits decide."""
    sums = np.cumsum(values)
    means = np.full(len(values), np.nan)
    means[window - 1] = sums[window - 1]
    means[window:] = sums[window:] - sums[:-window]
    return means / window


def _crossed(a, b):
    crossed = np.zeros(len(a), dtype=bool)
    with np.errstate(invalid="ignore"):
        crossed[1:] = (a[:-1] < b[:-1]) & (a[1:] > b[1:])
    return crossed


def event_run(bars, strategy, fee, cash, units, fast, slow, loss, gain):
    frame = _frame(bars)

    class Crossing(Strategy):
        def init(self):
            quick = _sma(frame.Close.to_numpy(), fast)
            calm = _sma(frame.Close.to_numpy(), slow)
            self.up = self.I(_crossed, quick, calm)
            self.down = self.I(_crossed, calm, quick)

        def next(self):
            if self.position:
                if self.down[-1]:
                    self.position.close()
            elif self.up[-1]:
                self.buy(size=units)

    class Bracket(Crossing):
        def next(self):
            if self.up[-1] and not self.position:
                close = self.data.Close[-1]
                self.buy(size=units, sl=close * (1 - loss), tp=close * (1 + gain))

    test = Backtest(frame, {"crossing": Crossing, "bracket": Bracket}[strategy], cash=cash, commission=fee)

    def rows(stats):
        trades = stats["_trades"]
        return trades[["EntryBar", "ExitBar", "EntryPrice", "ExitPrice", "Size", "PnL"]].to_numpy(dtype=np.float64)

    return test.run, rows


def reverse_grid(bars):
    """Its own example: 95 pairs, each crossing turns the position round."""
    frame = _frame(bars)

    class Reverse(Strategy):
        n1 = 10
        n2 = 20

        def init(self):
            close = frame.Close.to_numpy()
            self.up = self.I(_crossed, _sma(close, self.n1), _sma(close, self.n2))
            self.down = self.I(_crossed, _sma(close, self.n2), _sma(close, self.n1))

        def next(self):
            if self.up[-1]:
                self.buy()
            elif self.down[-1]:
                self.sell()

    test = Backtest(frame, Reverse, commission=0.002, exclusive_orders=True)
    pairs = [(n1, n2) for n1 in range(5, 51, 5) for n2 in range(10, 121, 10) if n1 < n2]

    def work():
        return [test.run(n1=n1, n2=n2) for n1, n2 in pairs]

    def rows(results):
        return np.array(
            [[stats["Equity Final [$]"], -stats["Max. Drawdown [%]"] / 100, stats["# Trades"]] for stats in results]
        )

    return work, rows
