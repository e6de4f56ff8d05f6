import type { Route } from '../apis/routes.ts';
import { affectsOnlyTiming, type Fault, matches, parseFault } from './fault.ts';

/** A fault in force. */
export interface InjectedFault {
  readonly fault: Fault;
  /** The number of requests that it has been applied to. */
  readonly used: number;
  /** Whether it can still be applied to a request. */
  readonly active: boolean;
  /** Ends the fault. Requests that it has been applied to are not affected. */
  cancel(): void;
}

/** What the faults in force do to one request. */
export interface AppliedFault {
  readonly latencyMs: number;
  readonly fault: Fault | undefined;
}

/** The faults in force, oldest first. */
export class FaultRegistry {
  #active: ActiveFault[] = [];

  /** Throws a TypeError where the fault is not valid. */
  inject(fault: Fault): InjectedFault {
    const active = new ActiveFault(parseFault(fault), (ended) => {
      this.#active = this.#active.filter((other) => other !== ended);
    });
    this.#active.push(active);
    return active;
  }

  /** The faults in force. */
  list(): readonly InjectedFault[] {
    return this.#active;
  }

  clear(): void {
    for (const fault of this.#active) fault.cancel();
  }

  /**
   * What applies to a request: the latency of every matching fault that is latency alone, and the oldest other
   * fault that matches. Undefined where no fault matches.
   */
  apply(route: Route, token: string | undefined): AppliedFault | undefined {
    let latencyMs = 0;
    let applied: Fault | undefined;
    let isMatched = false;
    for (const active of this.#active) {
      const { fault } = active;
      const isLatencyAlone = affectsOnlyTiming(fault);
      if ((!isLatencyAlone && applied !== undefined) || !matches(fault, route, token)) continue;
      active.use();
      isMatched = true;
      latencyMs += fault.latencyMs ?? 0;
      if (!isLatencyAlone) applied = fault;
    }
    return isMatched ? { latencyMs, fault: applied } : undefined;
  }
}

class ActiveFault implements InjectedFault {
  readonly fault: Fault;
  used = 0;
  active = true;
  readonly #onEnd: (fault: ActiveFault) => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(fault: Fault, onEnd: (fault: ActiveFault) => void) {
    this.fault = fault;
    this.#onEnd = onEnd;
    if (fault.durationMs !== undefined)
      this.#timer = setTimeout(() => this.cancel(), fault.durationMs);
  }

  use(): void {
    this.used += 1;
    if (this.used === this.fault.times) this.cancel();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.active = false;
    this.#onEnd(this);
  }
}
