import type { Phase } from './control.ts';
import { RunControl } from './control.ts';

/** The control of a strategy that stays loaded from one piece of work to the next: what it says goes to the piece under way. */
export class RelayedControl extends RunControl {
  target: RunControl;

  constructor(target: RunControl) {
    super();
    this.target = target;
  }

  override get work(): object {
    return this.target;
  }

  override get isCancelled(): boolean {
    return this.target.isCancelled;
  }

  override enter(phase: Phase): void {
    this.target.enter(phase);
  }

  override get maxBufferMb(): number {
    return this.target.maxBufferMb;
  }

  override takeMeasure(): boolean {
    return this.target.takeMeasure();
  }

  override tick(bar: number): void {
    this.target.tick(bar);
  }
}
