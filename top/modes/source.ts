import { messageOf, ok, type Result } from '../../shared/result.js';
import { connectTo } from '../client/connect.js';
import { openConnection, type StatsConnection } from '../client/connection.js';
import { openRecorder, type Recorder } from '../client/recorder.js';
import { openRecording } from '../client/recording-file.js';
import { replayClock, type ReplayControl } from '../client/replay-clock.js';
import { ReplayClient } from '../client/replay.js';
import type { Target } from '../client/target.js';
import { type Clock, systemClock } from '../clock.js';
import { exitCode } from '../exit-codes.js';
import type { DocumentEvent } from '../model/client-event.js';
import type { TopOptions } from '../options.js';
import type { Ending } from '../terminal/ending.js';

/** Where documents come from for a while: a server, or a recording. */
export interface Source {
  readonly connection: StatsConnection;
  /** The time that goes with the documents. */
  readonly clock: Clock;
  /** What a person may do to that time; null with a server. */
  readonly replay: ReplayControl | null;
  /** How long the recording is, in milliseconds; null where that is not known, and with a server. */
  readonly recordingMs: number | null;
  /** When a document came, milliseconds since 1970: the same for whoever asks. */
  readonly arrival: (event: DocumentEvent) => number;
  /** Calls when a recording is over; never with a server. */
  readonly onOver: (call: () => void) => void;
}

/** Connects to a server; nothing is waited for. */
export function serverSource(target: Target, options: TopOptions): Source {
  const connection = connectTo(target, {
    interval: intervalOf(options),
    keyFile: options['key-file'],
    fifo: options.fifo,
  });
  return {
    ...{ connection, clock: systemClock, replay: null, recordingMs: null },
    arrival: arrivals(),
    onOver: () => undefined,
  };
}

/** Opens a recording; the error is what to print. */
export async function recordingSource(
  file: string,
  options: TopOptions,
): Promise<Result<Source, string>> {
  const recording = await openRecording(file);
  if (!recording.ok) return recording;
  const clock = replayClock(systemClock, options.speed, recording.value.first.wallMs);
  let over = (): void => undefined;
  const client = new ReplayClient(recording.value, {
    ...{ file, clock },
    onEnd: () => {
      over();
    },
  });
  const intervalMs = intervalOf(options);
  const parts = { clock, intervalMs, reconnect: true, signal: undefined };
  return ok({
    connection: openConnection(client, parts),
    clock,
    replay: clock,
    recordingMs: recording.value.lengthMs,
    arrival: ({ at }) => recording.value.first.wallMs + at,
    onOver: (call) => {
      over = call;
    },
  });
}

/** Looks at the clock once for each document. */
function arrivals(): Source['arrival'] {
  let newest: { readonly event: DocumentEvent; readonly wallMs: number } | undefined;
  return (event) => {
    if (newest?.event !== event) newest = { event, wallMs: systemClock.wallMs() };
    return newest.wallMs;
  };
}

/** Milliseconds. */
export function intervalOf(options: Pick<TopOptions, 'frequency'>): number {
  return options.frequency * 1000;
}

/** Opens what `--record` names; null without it. */
export function recorderOf({ record }: TopOptions): Result<Recorder | null, string> {
  return record === undefined ? ok(null) : openRecorder(record);
}

/** Writes down every document that a connection tells of. */
export function follow(recorder: Recorder | null, { connection, arrival }: Source): void {
  if (recorder === null) return;
  connection.onEvent((event) => {
    if (event.type !== 'document' || event.stats === undefined) return;
    recorder.write({ ...event, stats: event.stats, wallMs: arrival(event) });
  });
}

/** How a program ends that recorded: a recording that broke off is told, and is an error. */
export function recorded(recorder: Recorder | null, ending: Ending): Ending {
  recorder?.close();
  const problem = recorder?.problem ?? null;
  if (problem === null) return ending;
  const message = [ending.message, `tsuwsgitop: ${problem}`].filter(Boolean).join('\n');
  return { code: ending.code === 0 ? exitCode('recording') : ending.code, message };
}

/** How the program ends with an error that is told. */
export function failed(code: number, message: unknown): Ending {
  const lines = messageOf(message)
    .split('\n')
    .map((line) => `tsuwsgitop: ${line}`);
  return { code, message: lines.join('\n') };
}
