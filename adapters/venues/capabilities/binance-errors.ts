import { type RefusalReason, TRIGGER_PASSED } from '../../../domain/orders/refusal-reason.ts';
import type { CodeMeaning, RawError } from './capability.ts';

/*
 * Every code of the exchange's list "Error codes for Binance" (spot API documentation), by what it means for `POST /api/v3/order`.
 * A code that is not here is ambiguous.
 */

/** The exchange itself does not say whether the order was placed, or the answer cannot belong to a placed order. */
const AMBIGUOUS = [
  -1000, // unknown error while processing
  -1001, // internal error, disconnected
  -1006, // unexpected response from the message bus: execution status unknown
  -1007, // timeout waiting for the backend: execution status unknown
  -1008, // server overloaded
  -1016, // service shutting down
  -2011, // cancel rejected
  -2013, // order does not exist
  -2021, // cancel-replace partially failed
  -2022, // cancel-replace failed
  -2026, // order archived
  -2038, // amend rejected
  -2039, // client order id not correct for this order id
];

/** The request was turned away before the matching engine, and may be accepted later unchanged or newly signed. */
const REFUSED_LATER = [
  -1003, // too much request weight
  -1015, // too many orders
  -1021, // timestamp outside recvWindow
  -1034, // too many connections
];

/** The request itself is wrong or forbidden: the same order will be refused again. */
const REFUSED_NEVER = `
  -1002 -1014 -1020 -1022 -1033 -1035
  -1100 -1101 -1102 -1103 -1104 -1105 -1106 -1108 -1111 -1112 -1114 -1115 -1116 -1117 -1118 -1119
  -1120 -1121 -1122 -1125 -1127 -1128 -1130 -1131 -1134 -1135 -1139 -1145 -1151 -1152 -1153 -1155
  -1158 -1160 -1161 -1165 -1166 -1168 -1169 -1170 -1171 -1172 -1173 -1174 -1175 -1176 -1177 -1178
  -1179 -1180 -1181 -1182 -1183 -1184 -1185 -1186 -1187 -1188 -1189 -1190 -1191 -1194 -1196 -1197
  -1198 -1199 -1210 -1211 -1220 -1221 -1222 -1223 -1224 -1225
  -2014 -2015 -2016 -2035 -2036 -2042`;

const BY_CODE = new Map<string, CodeMeaning>([
  ...AMBIGUOUS.map((code) => [String(code), 'ambiguous'] as const),
  ...REFUSED_LATER.map((code) => [String(code), 'refused-later'] as const),
  ...REFUSED_NEVER.trim()
    .split(/\s+/)
    .map((code) => [code, 'refused-never'] as const),
]);

/** Codes under which several things are reported, told apart by the message. */
const BY_MESSAGE = new Set(['-1010', '-1013', '-2010']);

/** An order with this client id is open: perhaps the very one that is being sent, so a look-up decides. */
const DUPLICATE = /duplicate order/i;

/** Refusals that end without our doing: the market opens or moves, a price band or a number of open orders changes. */
const PASSING =
  /market is closed|trading is not enabled|immediately match and take|PERCENT_PRICE|MAX_NUM|MAX_POSITION|liquidity is (less|too low)|book for symbol/i;

/** What a code of the exchange means for a send; `null` for a code that the exchange does not document. */
export function binanceMeaningOf({ code, message }: RawError): CodeMeaning | null {
  if (!BY_MESSAGE.has(code)) return BY_CODE.get(code) ?? null;
  if (DUPLICATE.test(message)) return 'ambiguous';
  return PASSING.test(message) ? 'refused-later' : 'refused-never';
}

/** "Stop price would trigger immediately.", by the list of messages under -2010. */
const WOULD_TRIGGER = /would trigger immediately/i;

/** The refusal that a code and its message stand for, where the platform acts upon it. */
export function binanceReasonOf({ code, message }: RawError): RefusalReason | null {
  return code === '-2010' && WOULD_TRIGGER.test(message) ? TRIGGER_PASSED : null;
}
