import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Asked } from '../asked.js';
import type { ClientSide } from '../client-side.js';
import type { Question } from '../exchange.js';
import { CONTINUE } from '../response-head.js';
import { BodyMemory } from './body-memory.js';
import { HeldBody } from './held-body.js';
import { heldUpload } from './held-upload.js';
import { Holding, type HoldingDesk } from './holding.js';
import { namelessFile } from './nameless-file.js';

/** The most that all bodies of a router take of its memory. */
const MOST_IN_MEMORY = 16 * 1024 * 1024;

/** What of a question depends on its body. */
type Asking = Pick<Question, 'head' | 'packet' | 'held'>;

/** The requests whose bodies have to be there before anybody is asked. */
export class Holdings {
  readonly #desk: HoldingDesk;
  readonly #openFile: () => Promise<FileHandle>;
  readonly #memory = new BodyMemory(MOST_IN_MEMORY);
  readonly #open = new Set<Holding>();

  constructor(desk: HoldingDesk, openFile = () => namelessFile(tmpdir())) {
    this.#desk = desk;
    this.#openFile = openFile;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Asks a question: at once, or when all of its body is there, if it has to be. A client that leaves
   * before that is never asked for.
   */
  ask(
    { head, packet, packetLater }: Asked,
    client: ClientSide,
    ask: (question: Asking) => void,
  ): void {
    if (packetLater === null) {
      ask({ head, packet, held: null });
      return;
    }
    const body = new HeldBody(this.#memory, this.#openFile);
    const held: Holding = new Holding(this.#desk, client, body, {
      complete: () => {
        const upload = heldUpload(body, client, this.#desk);
        // The client was told to go on.
        const asked = { ...head, expectsContinue: false };
        ask({ head: asked, packet: packetLater(body.length), held: upload });
      },
      over: () => {
        this.#open.delete(held);
        this.#desk.released();
      },
    });
    this.#open.add(held);
    client.informational(CONTINUE, head.expectsContinue);
  }

  /** Looks at the clock: whose client, or whose file, takes too long. */
  sweep(now: number): void {
    for (const held of this.#open) held.sweep(now);
  }

  /** Breaks all of them. */
  close(): void {
    for (const held of this.#open) held.close();
  }
}
