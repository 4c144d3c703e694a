import type { Recorder } from '../client/recorder.js';
import { exitCode } from '../exit-codes.js';
import type { Ending } from '../terminal/ending.js';
import { createFormat, type FormatName, type FormatOptions } from '../view/formats.js';
import { runBatch } from './batch.js';
import { openSource, type Job } from './job.js';
import { lookAt } from './once.js';
import type { Output } from './output.js';
import { failed, follow, intervalOf, recorded, type Source } from './source.js';
import type { DecodedDocument } from '../../shared/stats.js';
import { reasonWithoutWorkers } from '../model/without-workers.js';

/** What a stream takes of its process. */
export interface Surroundings {
  readonly output: Output;
  readonly tell: (message: string) => void;
}

/**
 * `--batch`, `--csv`, `--ndjson` and `--plain`. Signals keep their own effect: a write may wait for
 * its reader, and nothing of ours must stand between ^C and the end of it.
 */
export async function stream(
  format: FormatName,
  job: Job,
  layout: FormatOptions,
  around: Surroundings,
): Promise<Ending> {
  const { options, target, recorder } = job;
  if (target !== null) {
    // A first look tells at once what a person has to put right; from then on losses are waited out.
    const look = await lookAt(target, null, options['key-file']);
    if (!look.ok) return recorded(recorder, look.error);
    const refusal = refusalOf(look.value.document, format);
    if (refusal !== null) return recorded(recorder, failed(exitCode('foreign'), refusal));
  }
  const source = await openSource(job);
  if (!source.ok) return failed(exitCode('wrong'), source.error);
  follow(recorder, source.value);
  tellOfRecorder(recorder, source.value, around.tell);
  const batch = runBatch({
    ...source.value,
    intervalMs: intervalOf(options),
    count: options.count,
    format: createFormat(format, layout),
    output: around.output,
    comesBack: target !== null,
    tell: around.tell,
  });
  source.value.onOver(() => {
    batch.end({ code: exitCode('done') });
  });
  return recorded(recorder, await batch.ended);
}

/** A recording that breaks off is told at once, for the end may be far. */
function tellOfRecorder(
  recorder: Recorder | null,
  { connection }: Source,
  tell: (message: string) => void,
): void {
  if (recorder === null) return;
  const stop = connection.onEvent(() => {
    if (recorder.problem === null) return;
    stop();
    tell(recorder.problem);
  });
}

/** Why a document cannot be written in a format; null when it can. */
function refusalOf(document: DecodedDocument, format: FormatName): string | null {
  if (document.kind === 'emperor' && (format === 'csv' || format === 'plain')) {
    return 'an Emperor has no workers: give the stats address of one of its vassals';
  }
  if (document.kind === 'router' && format === 'csv') {
    return `${reasonWithoutWorkers(document)}, and CSV has a row for each: use --plain or --ndjson`;
  }
  return null;
}
