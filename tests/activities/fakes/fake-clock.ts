import type { Clock } from '../../../adapters/ports/clock.ts';

/** A clock that stands still until somebody waits or a venue takes its time. */
export class FakeClock implements Clock {
  private ms: number;

  constructor(startAt: number) {
    this.ms = startAt;
  }

  now(): number {
    return this.ms;
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}
