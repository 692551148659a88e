"""Workloads on backtesting.py. Crossings are computed before the run, which is faster there than to ask for them at each bar."""

import warnings

import numpy as np
import pandas as pd
from averages import crossed, sma
from backtesting import Backtest, Strategy

warnings.filterwarnings("ignore", module="backtesting")


def _frame(bars):
    names = ("Open", "High", "Low", "Close", "Volume")
    columns = {name: bars[name.lower()] for name in names}
    return pd.DataFrame(columns, index=pd.to_datetime(bars["time"].astype("int64"), unit="ms"))


def event_run(bars, strategy, fee, cash, units, fast, slow, loss, gain):
    frame = _frame(bars)

    class Crossing(Strategy):
        def init(self):
            quick = sma(frame.Close.to_numpy(), fast)
            calm = sma(frame.Close.to_numpy(), slow)
            self.up = self.I(crossed, quick, calm)
            self.down = self.I(crossed, calm, quick)

        def next(self):
            if self.position:
                if self.down[-1]:
                    self.position.close()
            elif self.up[-1]:
                self.buy(size=units)

    class Bracket(Crossing):
        def init(self):
            super().init()
            self.busy = False

        def next(self):
            if self.busy:
                self.busy = bool(self.position)
            elif self.up[-1]:
                close = self.data.Close[-1]
                self.buy(size=units, sl=close * (1 - loss), tp=close * (1 + gain))
                self.busy = True

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
            self.up = self.I(crossed, sma(close, self.n1), sma(close, self.n2))
            self.down = self.I(crossed, sma(close, self.n2), sma(close, self.n1))

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
