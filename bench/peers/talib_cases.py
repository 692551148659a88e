"""Indicators of TA-Lib, the C library, over whole columns."""

import numpy as np
import talib


def indicator(bars, function, inputs, parameters, repeats):
    columns = [bars[name] for name in inputs]
    call = getattr(talib, function)

    def work():
        for _ in range(repeats):
            result = call(*columns, *parameters)
        return result

    def rows(result):
        outputs = result if isinstance(result, tuple) else (result,)
        return np.column_stack([np.asarray(output, dtype=np.float64) for output in outputs])

    return work, rows
