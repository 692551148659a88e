import Big from 'big.js';
import { type Endpoint, marketOf, type RequestContext } from './endpoint.ts';
import { refuse } from './errors.ts';
import { amount, wireSymbol } from './format.ts';
import { accountTradeAnswer } from './order-answers.ts';

const DAY_MS = 86_400_000;
const ACCOUNT_UID = 1;

function account(context: RequestContext): unknown {
  const omitZero = context.parameters.optional('omitZeroBalances') === 'true';
  context.parameters.finish();
  const { config, exchange } = context;
  const rates = exchange.feeRates();
  const balances = exchange.ledger.balances.all();
  return {
    makerCommission: Number(config.makerBps),
    takerCommission: Number(config.takerBps),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: amount(rates.maker),
      taker: amount(rates.taker),
      buyer: amount('0'),
      seller: amount('0'),
    },
    canTrade: config.permissions.trade,
    canWithdraw: config.permissions.withdraw,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: exchange.ledger.updatedAt,
    accountType: 'SPOT',
    balances: balances
      .filter(({ free, locked }) => !omitZero || new Big(free).plus(locked).gt(0))
      .map(({ asset, free, locked }) => ({ asset, free: amount(free), locked: amount(locked) })),
    permissions: ['SPOT'],
    uid: ACCOUNT_UID,
  };
}

function commission(context: RequestContext): unknown {
  const { listing } = marketOf(context);
  context.parameters.finish();
  const rates = context.exchange.feeRates();
  const none = { maker: amount('0'), taker: amount('0'), buyer: amount('0'), seller: amount('0') };
  return {
    symbol: wireSymbol(listing.symbol),
    standardCommission: { ...none, maker: amount(rates.maker), taker: amount(rates.taker) },
    specialCommission: none,
    taxCommission: none,
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: 'BNB', discount: amount('0') },
  };
}

/**
 * With `fromId` or `startTime` the earliest trades from there on, else the newest ones. Only the combinations that Binance lists are taken: others are
 * refused with -1128.
 */
function myTrades(context: RequestContext): unknown {
  const { parameters, exchange, faults, now } = context;
  const { symbol } = marketOf(context).listing;
  const orderId = parameters.whole('orderId');
  const fromId = parameters.whole('fromId');
  const from = parameters.time('startTime');
  const to = parameters.time('endTime');
  const limit = parameters.limit(500, 1_000);
  parameters.finish();
  if ((orderId !== null || fromId !== null) && (from !== null || to !== null)) throw refuse.badCombination();
  if (from !== null && to !== null && to - from > DAY_MS) throw refuse.lookupTooLong(24);
  const { ledger } = exchange;
  const found = (orderId === null ? ledger.fills() : ledger.fillsOf(orderId))
    .filter((fill) => fill.symbol === symbol)
    .filter((fill) => fill.tradeId >= (fromId ?? 0))
    .filter((fill) => fill.at >= (from ?? 0) && fill.at <= (to ?? Number.POSITIVE_INFINITY))
    .filter((fill) => !faults.hides('trades.mine', fill.orderId, now));
  const fromStart = fromId !== null || from !== null;
  return (fromStart ? found.slice(0, limit) : found.slice(-limit)).map(accountTradeAnswer);
}

export const accountEndpoints: Readonly<Record<string, Endpoint>> = {
  'GET /api/v3/account': { security: 'signed', fault: 'account', weight: () => 20, handle: account },
  'GET /api/v3/account/commission': { security: 'signed', fault: 'account', weight: () => 20, handle: commission },
  'GET /api/v3/myTrades': {
    security: 'signed',
    fault: 'trades.mine',
    weight: (sent) => (sent.has('orderId') ? 5 : 20),
    handle: myTrades,
  },
};
