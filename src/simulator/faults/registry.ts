import type { Route } from '../apis/routes.ts';
import { affectsOnlyTiming, type Fault, matches } from './fault.ts';
import { validateFault } from './fault-rules.ts';

/** A fault that was ordered. */
export interface InjectedFault {
  readonly fault: Fault;
  /** How many requests it has met. */
  readonly used: number;
  /** Whether it can still meet one. */
  readonly active: boolean;
  /** Ends it. Requests that it has met already stay as they are. */
  cancel(): void;
}

/** What the faults in force make of one request. */
export interface AppliedFault {
  readonly latencyMs: number;
  readonly fault: Fault | undefined;
}

/** The faults in force, in the order in which they were ordered. */
export class FaultRegistry {
  #orders: Order[] = [];

  inject(fault: Fault): InjectedFault {
    const complaint = validateFault(fault);
    if (complaint !== undefined) throw new TypeError(complaint);
    const order = new Order(fault, (ended) => {
      this.#orders = this.#orders.filter((other) => other !== ended);
    });
    this.#orders.push(order);
    return order;
  }

  /** The faults in force. */
  list(): readonly InjectedFault[] {
    return this.#orders;
  }

  clear(): void {
    for (const order of this.#orders) order.cancel();
  }

  /**
   * The trouble that a request runs into: the latency of all faults that match it and are latency alone, and
   * the first other fault that matches.
   */
  take(route: Route, token: string | undefined): AppliedFault | undefined {
    if (this.#orders.length === 0) return undefined;
    let latencyMs = 0;
    let fault: Fault | undefined;
    let isMet = false;
    for (const order of this.#orders) {
      const isLatencyAlone = affectsOnlyTiming(order.fault);
      if ((!isLatencyAlone && fault !== undefined) || !matches(order.fault, route, token)) continue;
      order.use();
      isMet = true;
      latencyMs += order.fault.latencyMs ?? 0;
      if (!isLatencyAlone) fault = order.fault;
    }
    return isMet ? { latencyMs, fault } : undefined;
  }
}

class Order implements InjectedFault {
  readonly fault: Fault;
  readonly #end: (order: Order) => void;
  #used = 0;
  #active = true;

  constructor(fault: Fault, end: (order: Order) => void) {
    this.fault = fault;
    this.#end = end;
  }

  get used(): number {
    return this.#used;
  }

  get active(): boolean {
    return this.#active;
  }

  use(): void {
    this.#used += 1;
    if (this.#used === this.fault.times) this.cancel();
  }

  cancel(): void {
    this.#active = false;
    this.#end(this);
  }
}
