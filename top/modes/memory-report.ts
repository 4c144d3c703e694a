import { reportOf } from '../../shared/memory/report.js';
import { err, ok, type Result } from '../../shared/result.js';
import { openRecording } from '../client/recording-file.js';
import type { Clock } from '../clock.js';
import { exitCode } from '../exit-codes.js';
import { missingOf } from '../model/memory-missing.js';
import { createSeriesBook } from '../model/memory-series.js';
import { DEFAULT_WINDOW_S, readWindow } from '../model/memory-window.js';
import { withoutWorkers } from '../model/without-workers.js';
import type { TopOptions } from '../options.js';
import type { Ending } from '../terminal/ending.js';
import { MEMORY_FORMATS, memoryReportText } from '../view/memory-report/formats.js';
import { collectFromServer } from './collect-memory.js';
import { limitsIn } from '../model/memory-limit.js';
import { type CollectedMemory, sourceOf } from './collected-memory.js';
import type { Job } from './job.js';
import { failed } from './source.js';

/** What the report takes of its process. */
export interface ReportSurroundings {
  readonly clock: Clock;
  readonly ascii: boolean;
  readonly print: (text: string) => Promise<Ending>;
  /** Says a sentence on stderr. */
  readonly tell: (message: string) => void;
}

/** `--memory-report`: judges the memory of every worker over the window, prints that and ends. */
export async function memoryReport(
  { options, target }: Job,
  around: ReportSurroundings,
): Promise<Ending> {
  const windowS = windowOf(options);
  const collected =
    target === null
      ? await collectFromRecording(options.address, windowS)
      : await collectFromServer(target, {
          ...{ windowS, now: options.now, keyFile: options['key-file'] },
          ...{ clock: around.clock, tell: around.tell },
        });
  if (!collected.ok) return collected.error;
  const { series, limits, source, time } = collected.value;
  const report = reportOf(series, limits, { windowS, time });
  const missing = missingOf(report, source);
  const format = MEMORY_FORMATS.find((name) => name === options.format) ?? 'text';
  const { address } = options;
  const titled = { report, address, time, missing };
  return around.print(memoryReportText(format, titled, { ascii: around.ascii }));
}

/** Seconds; what was written was checked before. */
function windowOf({ window }: Pick<TopOptions, 'window'>): number {
  const read = window === undefined ? ok(DEFAULT_WINDOW_S) : readWindow(window);
  return read.ok ? read.value : DEFAULT_WINDOW_S;
}

/** The window ends with the recording. */
async function collectFromRecording(
  file: string,
  windowS: number,
): Promise<Result<CollectedMemory, Ending>> {
  const recording = await openRecording(file);
  if (!recording.ok) return err(failed(exitCode('wrong'), recording.error));
  const { first, rest } = recording.value;
  const refusal = withoutWorkers(first.document);
  if (refusal !== null) return err(failed(exitCode('wrong'), `--replay ${file}: ${refusal}`));
  const book = createSeriesBook(windowS);
  let last = first;
  const take = ({ document, wallMs }: typeof first): void => {
    if (document.kind === 'instance') book.take(wallMs / 1000, document.instance);
  };
  take(first);
  for await (const line of rest) {
    if (!line.ok) continue;
    last = line.value;
    take(last);
  }
  const time = last.wallMs / 1000;
  const series = book.series();
  return ok({ series, limits: limitsIn(last.document), source: sourceOf(last.document), time });
}
