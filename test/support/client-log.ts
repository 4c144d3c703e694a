import type { StatsClient } from '../../top/client/client.js';
import { createClient, type ClientOptions } from '../../top/client/create-client.js';
import { parseTarget, type Target } from '../../top/client/target.js';
import type { ClientEvent } from '../../top/model/client-event.js';

type EventOf<T extends ClientEvent['type']> = ClientEvent & { readonly type: T };

/** What is not there by then does not come: a test that says so is worth more than one that hangs. */
const PATIENCE_MS = 60_000;

/** A running client whose events are kept and can be waited for. */
export class ClientLog implements Disposable {
  readonly events: ClientEvent[] = [];
  readonly client: StatsClient;
  readonly #waiting = new Set<() => void>();

  constructor(address: string, options: Partial<ClientOptions> = {}) {
    this.client = createClient(target(address), {
      intervalMs: 20,
      random: () => 0,
      env: {},
      ...options,
    });
    this.client.start((event) => {
      this.events.push(event);
      for (const check of [...this.#waiting]) check();
    });
  }

  /** The first event of a type, from `from` on, that satisfies a condition; waits for it. */
  async until<T extends ClientEvent['type']>(
    type: T,
    condition: (event: EventOf<T>) => boolean = () => true,
    from = 0,
  ): Promise<EventOf<T>> {
    const find = (): EventOf<T> | undefined =>
      this.events
        .slice(from)
        .find(
          (event): event is EventOf<T> => event.type === type && condition(event as EventOf<T>),
        );
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(check);
        const last = JSON.stringify(this.events.slice(-5)).slice(0, 4000);
        reject(
          new Error(`waited ${PATIENCE_MS} ms for an event "${type}"; the last ones: ${last}`),
        );
      }, PATIENCE_MS);
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Waits until control is not to be had for a reason. */
  async untilRefused(reason: RegExp): Promise<void> {
    await this.until('control', ({ control }) => !control.available && reason.test(control.reason));
  }

  [Symbol.dispose](): void {
    this.client.close();
  }
}

/** A target that the test wrote, so it must parse. */
export function target(address: string): Target {
  const parsed = parseTarget(address);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
