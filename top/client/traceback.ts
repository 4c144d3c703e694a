import { err, ok, type Result } from '../../shared/result.js';
import type { DecodedInstance, DecodedWorker } from '../../shared/stats.js';
import type { ClientEvent } from '../model/client-event.js';
import { sanitize } from '../model/sanitize.js';
import type { StatsClient } from './client.js';
import type { Clock } from './clock.js';

/** Milliseconds: a worker has three seconds to answer its master. */
const ANSWER_MS = 10_000;
/** How long control may stay away, in milliseconds: an upgrade that was refused is tried again. */
const CONTROL_MS = 1500;

/** What was asked for; `worker` null for all of them. */
export interface TracebackOptions {
  readonly worker: number | null;
  readonly clock: Clock;
}

/**
 * Asks for what one worker is doing, or all of them in turn, and closes the client. Gives the text
 * to print, a paragraph for each worker; where one could not be asked, the reason stands in its
 * place. The error is one sentence: nobody could be asked at all, or the one that was named.
 */
export async function fetchTracebacks(
  client: StatsClient,
  { worker, clock }: TracebackOptions,
): Promise<Result<string, string>> {
  const conversation = converse(client, clock);
  try {
    const instance = await conversation.controlled;
    if (!instance.ok) return instance;
    const wanted = chosen(instance.value, worker);
    if (!wanted.ok) return wanted;
    const told: string[] = [];
    for (const each of wanted.value) {
      const answer = await conversation.ask(each);
      if (!answer.ok && worker !== null) return answer;
      const text = answer.ok ? answer.value : answer.error;
      told.push(
        text
          .split('\n')
          .map((line) => sanitize(line))
          .join('\n'),
      );
    }
    return ok(told.map((text) => `${text}\n`).join('\n'));
  } finally {
    conversation.close();
  }
}

function chosen(instance: DecodedInstance, id: number | null): Result<DecodedWorker[], string> {
  const alive = instance.workers.filter(({ pid }) => pid !== 0);
  if (id === null) return alive.length > 0 ? ok(alive) : err('no worker has a process now');
  const worker = instance.workers.find((candidate) => candidate.id === id);
  if (worker === undefined) return err(`there is no worker ${id}`);
  return worker.pid === 0 ? err(`worker ${id} has no process now`) : ok([worker]);
}

interface Conversation {
  /** Settles when commands can be sent, or it is clear that they cannot. */
  readonly controlled: Promise<Result<DecodedInstance, string>>;
  ask(worker: DecodedWorker): Promise<Result<string, string>>;
  close(): void;
}

function converse(client: StatsClient, clock: Clock): Conversation {
  let instance: DecodedInstance | undefined;
  let isControlled = false;
  let cancelPatience = (): void => undefined;
  let settle: (result: Result<DecodedInstance, string>) => void = () => undefined;
  let answer: (id: number, result: Result<string, string>) => void = () => undefined;
  const controlled = new Promise<Result<DecodedInstance, string>>((resolve) => (settle = resolve));
  const onControl = (reason: string | null): void => {
    cancelPatience();
    isControlled = reason === null;
    if (reason !== null) {
      cancelPatience = clock.after(CONTROL_MS, () => {
        settle(err(reason));
      });
    }
  };
  const onEvent = (event: ClientEvent): void => {
    if (event.type === 'disconnected') settle(err(event.message));
    if (event.type === 'control') onControl(event.control.available ? null : event.control.reason);
    if (event.type === 'document') {
      instance = event.document.kind === 'instance' ? event.document.instance : undefined;
    }
    // A refusal is final; what was accepted has its outcome later.
    if (event.type === 'outcome' || (event.type === 'reply' && !event.ok)) {
      answer(event.id, event.ok ? ok(event.message) : err(event.message));
    }
    if (isControlled && instance !== undefined) settle(ok(instance));
  };
  client.start(onEvent);
  let last = 0;
  return {
    controlled,
    ask({ id: worker, pid, last_spawn: spawned = 0 }) {
      const id = ++last;
      return new Promise((resolve) => {
        const cancel = clock.after(ANSWER_MS, () => {
          resolve(err(`worker ${worker} (pid ${pid}): the server did not answer`));
        });
        answer = (of, result) => {
          if (of !== id) return;
          cancel();
          resolve(result);
        };
        client.command(id, { name: 'traceback', worker, pid, spawned });
      });
    },
    close() {
      cancelPatience();
      client.close();
    },
  };
}
