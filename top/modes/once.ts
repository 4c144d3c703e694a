import { err, ok, type Result } from '../../shared/result.js';
import { isUnreachable, withRemedy } from '../client/failure.js';
import { fetchOnce } from '../client/once.js';
import { openRecording } from '../client/recording-file.js';
import type { Recorder } from '../client/recorder.js';
import type { Target } from '../client/target.js';
import { exitCode } from '../exit-codes.js';
import type { DecodedDocument } from '../model/client-event.js';
import { NO_RATES, type Rates } from '../model/rates.js';
import type { Recorded } from '../model/recording.js';
import { EMPTY_HISTORY, type History, withDocument } from '../model/series.js';
import type { Ending } from '../terminal/ending.js';
import { failed } from './source.js';

/** One document, and what is known with it. */
export interface Look {
  readonly document: DecodedDocument;
  /** As it was served. */
  readonly raw: string;
  /** From a recording, which has another one before it. */
  readonly rates: Rates;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

/** Asks a server once; the error ends the program. */
export async function lookAt(
  target: Target,
  recorder: Recorder | null,
  keyFile: string | undefined,
): Promise<Result<Look, Ending>> {
  const fetched = await fetchOnce(target, { keyFile });
  if (!fetched.ok) {
    const reason = isUnreachable(fetched.error.code) ? 'unreachable' : 'foreign';
    return err(failed(exitCode(reason), withRemedy(fetched.error)));
  }
  const { raw, stats, transport, document } = fetched.value;
  const wallMs = Date.now();
  recorder?.write({ stats, transport, wallMs });
  return ok({ document, raw, rates: NO_RATES, wallMs });
}

/** The last document of a recording, with its rates against the one before. */
export async function lookBack(file: string): Promise<Result<Look, Ending>> {
  const recording = await openRecording(file);
  if (!recording.ok) return err(failed(exitCode('wrong'), recording.error));
  const { first, rest } = recording.value;
  let last = first;
  let history = withRecorded(EMPTY_HISTORY, first);
  for await (const line of rest) {
    if (!line.ok) continue;
    last = line.value;
    history = withRecorded(history, last);
  }
  const { document, stats, wallMs } = last;
  return ok({ document, raw: JSON.stringify(stats), rates: history.rates, wallMs });
}

function withRecorded(history: History, { document, wallMs }: Recorded): History {
  return document.kind === 'instance'
    ? withDocument(history, wallMs, document.instance)
    : EMPTY_HISTORY;
}
