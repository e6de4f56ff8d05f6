import type { TurnQueue, Unparsed } from './turn-queue.ts';

/** A response of a vCenter of this length makes an operation heavy: it takes a millisecond to parse. */
const heavyBodyLength = 64 * 1024;

/**
 * The turn of one operation. A light operation takes none. A heavy one takes it when the calls of vCenters that it
 * waits for have completed, so that it keeps it from no other while a vCenter is slow, and keeps it until its response
 * is sent.
 */
export class Turn {
  readonly #turns: TurnQueue;
  readonly #signal: AbortSignal | undefined;
  #refuse: (reason: unknown) => void = () => {};
  #acquired: Promise<void> | undefined;
  #isHeavy = false;
  #isSuspended = false;
  #unparsed: Unparsed[] = [];
  #calls = 0;
  #callsCompleted: PromiseWithResolvers<void> | undefined;

  /** @param signal - the client has disconnected. */
  constructor(turns: TurnQueue, signal?: AbortSignal) {
    this.#turns = turns;
    this.#signal = signal;
  }

  /**
   * Executes the operation, and gives the turn to others when it has ended.
   *
   * @throws TurnRefusedError where the operation must end without its turn: `take` never returns then.
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

  /** Whether the operation has taken its turn before. Then it must take it for each further step. */
  get isHeavy(): boolean {
    return this.#isHeavy;
  }

  /** Waits until the operation has its turn, and for an iteration of the event loop, for a step that is heavy. */
  async take(): Promise<void> {
    this.#isHeavy = true;
    while (this.#calls > 0) {
      this.#callsCompleted ??= Promise.withResolvers();
      await this.#callsCompleted.promise;
    }
    try {
      this.#acquired ??= this.#turns.acquire(this.#signal, this.#isSuspended);
      await this.#acquired;
    } catch (error) {
      await this.#refuseWith(error);
    }
    this.#endSuspension();
    await this.#turns.step();
  }

  /**
   * As {@link take}, for a step after which the operation may wait for a vCenter: then it gives its turn back
   * meanwhile, unless too many others have.
   */
  async takeForStep(): Promise<void> {
    await this.take();
    setImmediate(() => {
      if (this.#calls === 0 || !this.#acquired || !this.#turns.suspend()) return;
      this.#acquired = undefined;
      this.#isSuspended = true;
    });
  }

  /** Calls a vCenter. The result of a heavy operation's call is a step of its own. */
  async call<Value>(call: () => Promise<Value>): Promise<Value> {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#completeCall();
      if (this.#isHeavy) await this.take();
    }
  }

  /** Called in a call, before its response is parsed. */
  async beforeParsing(response: Unparsed): Promise<void> {
    if (response.body.length < heavyBodyLength) return;
    this.#completeCall();
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

  /** Gives the turn to others, for good. */
  #release(): void {
    this.#acquired?.then(
      () => this.#turns.release(),
      () => {},
    );
    this.#acquired = undefined;
    this.#endSuspension();
    for (const response of this.#unparsed) this.#turns.removeUnparsed(response);
    this.#unparsed = [];
  }

  /** Ends the operation: nothing that waits for this goes on. */
  #refuseWith(reason: unknown): Promise<never> {
    this.#refuse(reason);
    return new Promise(() => {});
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
