import { always } from '../conditions.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const buyAndHold = ruleStrategy({
  id: 'buy-and-hold',
  title: 'Buy and hold',
  params: [],
  warmUpRisesWith: 'all',
  rules: () => ({ enterLong: always() }),
});
