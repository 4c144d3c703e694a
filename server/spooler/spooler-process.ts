import { messageOf } from '../../shared/result.js';
import type { Queue } from '../queue/contract.js';
import { openQueue } from '../queue/open.js';
import { EXIT } from '../wire/exit-codes.js';
import type { AskFrame } from '../wire/queue-asks.js';
import { MAX_ERROR, type SpoolerOrder } from '../wire/spooler-frames.js';
import { stackOf, watchFailures } from '../worker/failures.js';
import { answerTo } from './answer.js';
import type { SpoolerConfig } from './config.js';
import { loadTasks } from './load-tasks.js';
import { type MasterLink, openMasterLink } from './master-link.js';
import { createProgressTeller } from './progress-teller.js';
import { createRunner, type Runner } from './runner.js';
import { tellStderr } from '../worker/stderr-teller.js';
import type { TaskFunction } from './tasks.js';

/** How long an idle spooler goes on without a master. */
const ORPHAN_MS = 1000;

/**
 * A spooler process: it loads the tasks, opens the queue, and claims tasks from when the master
 * says so.
 */
export class SpoolerProcess {
  readonly #config: SpoolerConfig;
  readonly #link: MasterLink;
  /** What was said last of what cannot be done. */
  readonly #troubles = new Map<string, string>();
  #queue: Queue | null = null;
  #runner: Runner | null = null;
  #isWorking = false;
  #isLeaving = false;

  constructor(config: SpoolerConfig) {
    this.#config = config;
    this.#link = openMasterLink({
      signMs: config.signMs,
      obey: (order) => {
        this.#obey(order);
      },
      orphaned: () => {
        this.#say('error: the master disconnected from this spooler. Shutting it down.');
        // Whatever runs is cut, as its master can no longer end it; another spooler offers it again.
        setTimeout(() => process.exit(EXIT.ended), ORPHAN_MS);
        void this.#leave();
      },
    });
    tellStderr(process, (lines) => {
      this.#link.send({ type: 'stderr', lines });
    });
    this.#handleProcess();
  }

  /** Why it cannot run tasks, for the log; null when it can. */
  async start(): Promise<string | null> {
    const tasks = await loadTasks(this.#config.module);
    if (!tasks.ok) return tasks.error;
    try {
      const { queue, ordered } = this.#config;
      this.#queue = await openQueue(queue, { ordered, claims: true });
    } catch (error) {
      return `cannot open the queue ${this.#config.queue}: ${messageOf(error)}`;
    }
    this.#runner = this.#createRunner(this.#queue, tasks.value);
    this.#link.send({ type: 'ready' });
    return null;
  }

  #createRunner(queue: Queue, tasks: ReadonlyMap<string, TaskFunction>): Runner {
    const { concurrency, maxTasks } = this.#config;
    const link = this.#link;
    const teller = createProgressTeller((id, share) => {
      link.send({ type: 'progress', id, share });
    });
    return createRunner({
      ...{ queue, tasks, concurrency, maxTasks, now: () => performance.now() },
      later: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => {
          clearTimeout(timer);
        };
      },
      listener: {
        began: (run) => {
          link.send({ type: 'began', ...run });
        },
        progress: teller.told,
        ended: (id, how, ms) => {
          teller.forget(id);
          link.send({ type: 'ended', id, how, ms });
        },
        failed: ({ id, name, attempt }, error) => {
          const first = error.split('\n', 1).join().slice(0, MAX_ERROR);
          link.send({ type: 'failed', id, name, attempts: attempt, error: first });
        },
        spent: () => {
          link.send({ type: 'leaves', why: `has run its maximum number of tasks (${maxTasks})` });
        },
        problem: (text) => {
          this.#say(text);
        },
      },
    });
  }

  #obey(order: SpoolerOrder): void {
    switch (order.type) {
      case 'work':
        void this.#work();
        break;
      case 'recover':
        void this.#recover();
        break;
      case 'count':
        void this.#count();
        break;
      case 'ask':
        void this.#answer(order);
        break;
      case 'drain':
        void this.#leave();
        break;
      case 'exit':
        process.exit(EXIT.ended);
    }
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    // First, so that an ordered queue goes on with what was cut.
    await this.#recover();
    this.#queue?.watch(() => this.#runner?.wake());
    setInterval(() => void this.#recover(), this.#config.frequencyMs);
  }

  /** Looks at the whole queue: what dead spoolers had, and whatever nobody told of. */
  async #recover(): Promise<void> {
    await this.#attempt('cannot offer again what dead spoolers had', async () => {
      await this.#queue?.recover();
    });
    this.#runner?.wake();
  }

  async #count(): Promise<void> {
    await this.#attempt('cannot count the tasks in the queue', async () => {
      const counts = await this.#queue?.counts();
      if (counts !== undefined) this.#link.send({ type: 'counts', counts });
    });
  }

  /** What is tried often says what is wrong once, while it is the same. */
  async #attempt(problem: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.#troubles.delete(problem);
    } catch (error) {
      const message = messageOf(error);
      if (this.#troubles.get(problem) !== message) this.#say(`${problem}: ${message}`);
      this.#troubles.set(problem, message);
    }
  }

  async #answer(order: AskFrame): Promise<void> {
    if (this.#queue !== null) this.#link.send(await answerTo(this.#queue, order));
  }

  async #leave(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    await this.#runner?.drain();
    await this.#queue?.close();
    process.exit(EXIT.drained);
  }

  #say(line: string): void {
    process.stderr.write(`spooler ${this.#config.id} (pid: ${process.pid}): ${line}\n`);
  }

  #handleProcess(): void {
    // A log reader that is gone must not end a spooler.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) {
      process.on(signal, () => {
        this.#link.send({ type: 'leaves', why: `was sent ${signal}` });
      });
    }
    watchFailures((error, origin) => {
      this.#say(`${origin}:\n${stackOf(error)}`);
      if (this.#runner === null) process.exit(EXIT.noApp);
      this.#link.send({ type: 'leaves', why: 'had an exception outside of a task' });
    });
  }
}
