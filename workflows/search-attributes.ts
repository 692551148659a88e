import { defineSearchAttributeKey } from '@temporalio/common';

/** Typed search attributes of every workflow of ours. All are keywords: exact words, never taken apart. */
export const searchAttributes = {
  kind: defineSearchAttributeKey('TwKind', 'KEYWORD'),
  algorithm: defineSearchAttributeKey('TwAlgorithm', 'KEYWORD'),
  strategy: defineSearchAttributeKey('TwStrategy', 'KEYWORD'),
  symbol: defineSearchAttributeKey('TwSymbol', 'KEYWORD'),
  venue: defineSearchAttributeKey('TwVenue', 'KEYWORD'),
  status: defineSearchAttributeKey('TwStatus', 'KEYWORD'),
} as const;
