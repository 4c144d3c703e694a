import { open } from 'node:fs/promises';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { recordingEnd } from './recording-end.js';
import { readRecordingLine, type Recorded } from '../model/recording.js';

/** A line of a recording as read, or one sentence about why it cannot be. */
export type RecordedLine = Result<Recorded, string>;

/** A recording whose first document has been read. */
export interface RecordingFile {
  readonly first: Recorded;
  /** What follows, in order; a file that cannot be read on ends with an error. */
  readonly rest: AsyncIterable<RecordedLine>;
  /** Milliseconds from the first document to the last; null where the end cannot be looked at. */
  readonly lengthMs: number | null;
}

/** Opens `--replay FILE`; the error says what is wrong with it and how a recording is made. */
export async function openRecording(file: string): Promise<Result<RecordingFile, string>> {
  const rest = linesOf(file);
  const first = await rest.next();
  const read = first.done === true ? err('it is empty') : first.value;
  if (!read.ok) {
    await rest.return(undefined);
    const remedy = 'a recording is made with tsuwsgitop --record FILE ADDRESS';
    return err(`--replay ${file}: ${read.error}\n${remedy}`);
  }
  const end = await recordingEnd(file);
  const lengthMs = end === null ? null : Math.max(0, end - read.value.wallMs);
  return ok({ first: read.value, rest, lengthMs });
}

async function* linesOf(file: string): AsyncGenerator<RecordedLine, undefined, undefined> {
  try {
    await using handle = await open(file);
    let number = 0;
    for await (const line of handle.readLines({ encoding: 'utf8', autoClose: false })) {
      number++;
      if (line.trim() === '') continue;
      const read = readRecordingLine(line);
      yield read.ok ? read : err(`line ${number} ${read.error}`);
    }
  } catch (error) {
    yield err(`it cannot be read: ${messageOf(error)}`);
  }
  return undefined;
}
