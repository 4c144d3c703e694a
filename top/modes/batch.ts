import type { StatsConnection } from '../client/connection.js';
import { exitCode } from '../exit-codes.js';
import type { DocumentEvent } from '../model/client-event.js';
import { nextReading, NO_READINGS, type Readings } from '../model/reading.js';
import { sanitizeShort } from '../model/sanitize.js';
import type { Ending } from '../terminal/ending.js';
import type { Format } from '../view/formats.js';
import type { Output } from './output.js';
import type { Source } from './source.js';

export interface BatchParts {
  readonly connection: Pick<StatsConnection, 'onEvent' | 'close'>;
  readonly arrival: Source['arrival'];
  readonly intervalMs: number;
  /** `--count`; on and on without it. */
  readonly count: number | undefined;
  readonly format: Format;
  readonly output: Output;
  /** Whether what is lost comes back, as a server may. */
  readonly comesBack: boolean;
  /** Says a sentence on stderr. */
  readonly tell: (message: string) => void;
}

/** Readings that are being written. */
export interface Batch {
  readonly ended: Promise<Ending>;
  end(ending: Ending): void;
}

/**
 * Writes readings until there were enough, the reader has gone, or it is told to end. A server that
 * is lost is waited for: that it is gone, and back, is told once. While the reader is slow readings
 * are left out, so that nothing piles up.
 */
export function runBatch(parts: BatchParts): Batch {
  const { connection, arrival, intervalMs, count, format, output, comesBack, tell } = parts;
  let readings: Readings = NO_READINGS;
  let isFull = false;
  let lost: string | null = null;
  let settle: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => (settle = resolve));
  const end = (ending: Ending): void => {
    stopListening();
    connection.close();
    settle(ending);
  };

  const take = (event: DocumentEvent): void => {
    if (lost !== null && comesBack) tell('the server is back');
    lost = null;
    if (isFull) return;
    const next = nextReading(readings, event, { intervalMs, wallMs: arrival(event) });
    if (next === null) return;
    readings = next[0];
    const text = format(next[1]);
    isFull = text !== '' && !output.write(text);
    const isLast = count !== undefined && readings.count >= count;
    if (isFull) {
      output.onDrain(() => {
        isFull = false;
        if (isLast) end({ code: exitCode('done') });
      });
    } else if (isLast) end({ code: exitCode('done') });
  };

  const stopListening = connection.onEvent((event) => {
    if (event.type === 'document') take(event);
    if (event.type !== 'problem' && event.type !== 'disconnected') return;
    const message = sanitizeShort(event.message, 500);
    if (event.message !== lost) tell(comesBack ? `${message}; it is tried again` : message);
    lost = event.message;
  });
  output.onGone(() => {
    end({ code: exitCode('done') });
  });
  return { ended, end };
}
