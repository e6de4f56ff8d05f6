import type { TurnQueue, Unparsed } from './turn-queue.ts';

/** Characters of a response of a vCenter that make an operation expensive: it takes a millisecond to parse. */
const expensiveBodyLength = 64 * 1024;

/**
 * The turn of one operation. A cheap operation needs none. An expensive one takes its turn when the calls to vCenters
 * that it waits for have completed, so that a slow vCenter delays no other operation, and keeps it until its execution
 * ends.
 */
export class Turn {
  readonly #turns: TurnQueue;
  readonly #signal: AbortSignal | undefined;
  #refuse: (reason: unknown) => void = () => {};
  #acquired: Promise<void> | undefined;
  /** Whether it has been acquired, and not been suspended since. */
  #isHeld = false;
  #hasEnded = false;
  #isRequired = false;
  #isSuspended = false;
  #unparsed: Unparsed[] = [];
  #calls = 0;
  #callsCompleted: PromiseWithResolvers<void> | undefined;

  /** @param signal - aborted when the client disconnects. */
  constructor(turns: TurnQueue, signal?: AbortSignal) {
    this.#turns = turns;
    this.#signal = signal;
  }

  /**
   * Executes the operation, and releases its turn at the end.
   *
   * @throws TurnRefusedError where the operation cannot have its turn. `take` never resolves then.
   */
  run<Result>(execute: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#release();
        reject(error);
      };
      this.#refuse = fail;
      execute().then((result) => {
        this.#release();
        resolve(result);
      }, fail);
    });
  }

  /** Whether the operation is expensive: it has taken its turn before, and must take it for each further step. */
  get isRequired(): boolean {
    return this.#isRequired;
  }

  /**
   * Waits for the turn of the operation and then for its next step. Called before each step that is expensive. It never
   * resolves once the operation has ended: what is left of it has no effect.
   */
  async take(): Promise<void> {
    this.#isRequired = true;
    while (this.#calls > 0) {
      this.#callsCompleted ??= Promise.withResolvers();
      await this.#callsCompleted.promise;
    }
    if (this.#hasEnded) await never();
    try {
      this.#acquired ??= this.#turns.acquire(this.#signal, this.#isSuspended);
      await this.#acquired;
    } catch (error) {
      await this.#refuseWith(error);
    }
    this.#isHeld = true;
    this.#endSuspension();
    await this.#turns.step();
    if (this.#hasEnded) await never();
  }

  /**
   * As {@link take}, for a step after which the operation may wait for a vCenter: then it releases
   * its turn meanwhile, unless too many others have.
   */
  async takeForStep(): Promise<void> {
    await this.take();
    setImmediate(() => {
      if (this.#calls === 0 || !this.#isHeld || this.#hasEnded || !this.#turns.suspend()) return;
      this.#acquired = undefined;
      this.#isHeld = false;
      this.#isSuspended = true;
    });
  }

  /** Calls a vCenter. An expensive operation processes the result in a step of its own. */
  async call<Value>(call: () => Promise<Value>): Promise<Value> {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#completeCall();
      if (this.#isRequired) await this.take();
    }
  }

  /** Waits for the turn where the response is long. Called within `call`, before the response is parsed. */
  async beforeParsing(response: Unparsed): Promise<void> {
    if (response.body.length < expensiveBodyLength) return;
    this.#completeCall();
    if (this.#hasEnded) await never();
    try {
      this.#turns.addUnparsed(response);
    } catch (error) {
      await this.#refuseWith(error);
    }
    this.#unparsed.push(response);
    await this.take();
    this.#unparsed.splice(this.#unparsed.indexOf(response), 1);
    this.#turns.removeUnparsed(response);
    this.#calls += 1;
  }

  /** Releases the turn at the end of the operation. */
  #release(): void {
    this.#hasEnded = true;
    this.#acquired?.then(
      () => this.#turns.release(),
      () => {},
    );
    this.#acquired = undefined;
    this.#endSuspension();
    for (const response of this.#unparsed) this.#turns.removeUnparsed(response);
    this.#unparsed = [];
  }

  /** Ends the operation with an error: `run` rejects, and the returned promise never settles. */
  #refuseWith(reason: unknown): Promise<never> {
    this.#refuse(reason);
    return never();
  }

  #endSuspension(): void {
    if (this.#isSuspended) this.#turns.endSuspension();
    this.#isSuspended = false;
  }

  #completeCall(): void {
    this.#calls -= 1;
    if (this.#calls > 0) return;
    this.#callsCompleted?.resolve();
    this.#callsCompleted = undefined;
  }
}

/** A promise that never settles: whoever waits for it is garbage. */
function never(): Promise<never> {
  return new Promise(() => {});
}
