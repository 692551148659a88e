"""Random order scripts run by backtesting.py 0.6.6, one JSON document a line: bars, settings, script, and what came out.

    python fuzz_backtesting_py.py --cases 1000 --seed 1 > cases.ndjson
    node bench/peers/fuzz-backtesting-py.mjs cases.ndjson

The scripts keep away from what docs/backtesting.md lists as differences: stops with both a gap and a limit (or a fill at the close), several
entries at one bar with exclusive orders, orders at the last bar of a finalized run. What depends on how a run goes is told beside its result:

- `until`: the first bar in which the peer fills out of time, an order at the open or at the close before after one within the bar for
  instance; from there on the runs have nothing in common. null for a run without.
- `asIs`: whether the peer as it is, which values what is held at the close that is still to come, makes the same trades. What is compared is
  the peer with this taken out: while orders fill it values at the price of the fill.
"""

import argparse
import json
import random
import sys
import warnings

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy, backtesting

AS_IS = backtesting._Broker

warnings.simplefilter('ignore')


class InTime(AS_IS):
    """Values what is held at the price of the fill, and notes the first bar with fills out of time."""

    until = None
    moment = None
    events = None
    tried = None

    @property
    def last_price(self):
        return AS_IS.last_price.fget(self) if self.moment is None else self.moment

    def _process_orders(self):
        if self.events is not None:
            self.settle_tried()
            self.is_again = True
            super()._process_orders()
            return
        self.events = []
        self.opened = []
        self.is_again = False
        super()._process_orders()
        self.settle_tried()
        self.events = None
        self.value_at(None)

    def value_at(self, price):
        self.moment = price
        self._trades_cache_clear()

    def note(self, moment):
        if self.events and moment < max(self.events):
            self.break_off()
        self.events.append(moment)

    def break_off(self):
        if self.until is None:
            self.until = self._i

    def moment_of(self, price, index):
        """0 for the close before, 1 for the open, 2 for within the bar."""
        return 0 if index < self._i else 1 if price == self._data.Open[-1] else 2

    def settle_tried(self):
        """An order that was looked at and not filled: with trades on the close nothing tells when that was."""
        if self.tried is not None and self._trade_on_close and self.tried == self._data.Close[-2]:
            self.break_off()
        elif self.tried is not None:
            self.note(self.moment_of(self.tried, self._i))
        self.tried = None

    def _adjusted_price(self, size=None, price=None):
        if self.events is not None and price is not None:
            self.settle_tried()
            # Its second look at a bar is for the exits of new trades, and finds limits whose stops the first has triggered.
            if self.is_again:
                self.break_off()
            self.value_at(price)
            self.tried = price
        return super()._adjusted_price(size, price)

    def _open_trade(self, price, size, sl, tp, time_index, tag):
        if self.tried is not None:
            self.note(self.moment_of(self.tried, time_index))
            self.tried = None
        super()._open_trade(price, size, sl, tp, time_index, tag)
        self.opened.append(self.trades[-1])

    def _close_trade(self, trade, price, time_index):
        if self.events is not None:
            if self.tried != price:
                self.settle_tried()
            is_by_entry = self.tried is not None
            self.tried = None
            moment = self.moment_of(price, time_index)
            beyond = trade.tp is not None and (self._data.Open[-1] - trade.tp) * trade.size >= 0
            if moment == 2 and beyond:
                self.break_off()
            if trade in self.opened and (len(self.opened) > 1 or (self._trade_on_close and (is_by_entry or max(self.events) > 0))):
                self.break_off()
            self.note(moment)
        super()._close_trade(trade, price, time_index)


def bars(rng, length, gaps):
    price = rng.choice([20.0, 100.0, 100.0, 1000.0])
    volatility = rng.choice([0.003, 0.01, 0.03])
    rows = []
    for _ in range(length):
        opening = round(price * (1 + rng.gauss(0, volatility)), 2) if gaps else price
        opening = max(opening, 0.5)
        closing = max(round(opening * (1 + rng.gauss(0, volatility)), 2), 0.5)
        high = round(max(opening, closing) * (1 + abs(rng.gauss(0, volatility / 2))), 2)
        low = max(round(min(opening, closing) * (1 - abs(rng.gauss(0, volatility / 2))), 2), 0.4)
        # Now and then an extreme that is the open or the close itself.
        if rng.random() < 0.2:
            high = max(opening, closing)
        if rng.random() < 0.2:
            low = min(opening, closing)
        rows.append([opening, high, low, closing])
        price = closing
    return rows


def entry(rng, close, settings):
    side = rng.choice([1, -1])
    order = {'op': 'buy' if side > 0 else 'sell'}
    roll = rng.random()
    if roll < 0.4:
        order['size'] = rng.choice([0.1, 0.25, 0.5, 0.9, 0.33])
    elif roll < 0.85:
        order['size'] = rng.randint(1, max(1, int(settings['cash'] / settings['margin'] / close * rng.choice([0.2, 0.6, 1.2]))))
    step = lambda: rng.choice([0.002, 0.01, 0.03]) * (0.5 + rng.random())
    kind = rng.choice(settings['kinds'])
    reference = close
    if kind in ('limit', 'stop-limit'):
        reference = order['limit'] = round(close * (1 + rng.choice([1, -1]) * step()), 2)
    if kind in ('stop', 'stop-limit'):
        beyond = settings['beyond'] or kind == 'stop-limit'
        toward = side if beyond else rng.choice([1, -1])
        order['stop'] = round(close * (1 + toward * step()), 2)
        if beyond and (order['stop'] - close) * side <= 0:
            order['stop'] = round(close + side * 0.01, 2)
        if kind == 'stop':
            reference = order['stop']
        else:
            order['limit'] = round(order['stop'] * (1 + rng.choice([1, 1, -1]) * side * step()), 2)
            reference = order['limit']
    if rng.random() < 0.5:
        order['sl'] = round(reference * (1 - side * step()), 2)
    if rng.random() < 0.5:
        order['tp'] = round(reference * (1 + side * step()), 2)
    return order


def script(rng, rows, settings):
    last = len(rows) - 1
    density = rng.choice([0.05, 0.2, 0.5])
    ops = {}
    for i in range(1, last + 1):
        if i == last and (settings['finalize'] or settings['toc']):
            break
        here = []
        close = rows[i][3]
        if settings['finalize'] and i == last - 1:
            here.append({'op': 'cancel'})
        if rng.random() < density:
            roll = rng.random()
            if roll < 0.15:
                here.append({'op': 'close', 'share': rng.choice([1, 0.5, 0.3, 0.75])})
            elif roll < 0.2:
                here.append({'op': 'cancel'})
            elif roll < 0.28:
                op = {'op': 'protect'}
                if rng.random() < 0.7:
                    op['sl'] = None if rng.random() < 0.2 else round(close * (1 + rng.choice([1, -1]) * 0.01 * rng.random()), 2)
                if rng.random() < 0.7:
                    op['tp'] = None if rng.random() < 0.2 else round(close * (1 + rng.choice([1, -1]) * 0.01 * rng.random()), 2)
                here.append(op)
            else:
                count = 1 if settings['exclusive'] or rng.random() < 0.7 else 2
                if rng.random() < 0.15:
                    here.append({'op': 'close', 'share': rng.choice([1, 0.5])})
                kinds = settings['kinds']
                for _ in range(count):
                    # What waits beyond the last bar but one would be looked at twice by a finalized run.
                    limited = settings['finalize'] and i == last - 1
                    here.append(entry(rng, close, {**settings, 'kinds': ['market'] if limited else kinds}))
        if here:
            ops[i] = here
    return ops


class Scripted(Strategy):
    script = None

    def init(self):
        pass

    def next(self):
        for op in self.script.get(len(self.data) - 1, []):
            self.give(op)

    def give(self, op):
        kind = op['op']
        if kind == 'close':
            self.position.close(op['share'])
        elif kind == 'cancel':
            for order in list(self.orders):
                if not order.is_contingent:
                    order.cancel()
        elif kind == 'protect':
            for trade in list(self.trades):
                if 'sl' in op:
                    trade.sl = op['sl']
                if 'tp' in op:
                    trade.tp = op['tp']
        else:
            order = {key: op[key] for key in ('size', 'limit', 'stop', 'sl', 'tp') if key in op}
            try:
                getattr(self, kind)(**order)
            except ValueError:
                pass


def settings_of(rng):
    toc = rng.random() < 0.25
    gaps = rng.random() < 0.6
    kinds = ['market', 'market', 'limit', 'stop', 'stop-limit']
    if gaps:
        kinds.remove('stop-limit')
        if toc:
            kinds.remove('stop')
    return {
        'cash': rng.choice([10_000, 10_000, 100_000]),
        'margin': rng.choice([1, 1, 0.5, 0.2, 0.1]),
        'spread': rng.choice([0, 0, 0.0005, 0.002]),
        'rate': rng.choice([0, 0.001, 0.002, 0.005]),
        'fixed': rng.choice([0, 0, 0, 1, 5]),
        'toc': toc,
        'exclusive': rng.random() < 0.25,
        'finalize': rng.random() < 0.4,
        'gaps': gaps,
        'kinds': kinds,
        'beyond': toc,
    }


def number(value):
    return None if value is None or value != value else float(value)


def run(seed):
    result = run_with(InTime, seed)
    plain = run_with(AS_IS, seed)
    result['asIs'] = all(plain[part] == result[part] for part in ('trades', 'open', 'equity'))
    return result


def run_with(kind, seed):
    backtesting._Broker = kind
    rng = random.Random(seed)
    settings = settings_of(rng)
    rows = bars(rng, rng.choice([40, 80, 160]), settings['gaps'])
    ops = script(rng, rows, settings)
    index = pd.date_range('2020-01-01', periods=len(rows), freq='D')
    data = pd.DataFrame(rows, columns=['Open', 'High', 'Low', 'Close'], index=index)
    backtest = Backtest(
        data,
        Scripted,
        cash=settings['cash'],
        margin=settings['margin'],
        spread=settings['spread'],
        commission=(settings['fixed'], settings['rate']),
        trade_on_close=settings['toc'],
        exclusive_orders=settings['exclusive'],
        finalize_trades=settings['finalize'],
    )
    stats = backtest.run(script=ops)
    broker = stats._strategy._broker
    trades = [
        {
            'size': int(t.size),
            'entryBar': int(t.entry_bar),
            'exitBar': int(t.exit_bar),
            'entryPrice': float(t.entry_price),
            'exitPrice': float(t.exit_price),
            'sl': number(t.sl),
            'tp': number(t.tp),
            'pnl': float(t.pl),
            'commission': float(t._commissions),
        }
        for t in broker.closed_trades
    ]
    equity = [float(v) for v in stats._equity_curve['Equity']]
    return {'seed': seed, 'until': getattr(broker, 'until', None), 'settings': settings, 'bars': rows, 'script': ops, 'trades': trades, 'equity': equity,
            'open': [[int(t.size), int(t.entry_bar), float(t.entry_price)] for t in broker.trades]}


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--cases', type=int, default=500)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    for seed in range(args.seed, args.seed + args.cases):
        try:
            json.dump(run(seed), sys.stdout)
        except AssertionError as error:
            json.dump({'seed': seed, 'failed': repr(error)}, sys.stdout)
        sys.stdout.write('\n')
