import { closeSync, openSync, writeFileSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { recordingLine, type Recorded } from '../model/recording.js';

/** Writes every document that it is given to the end of a file. */
export interface Recorder {
  write(document: Omit<Recorded, 'document'>): void;
  /** Why it had to stop, in one sentence; null while all is well. */
  readonly problem: string | null;
  close(): void;
}

/** Opens `--record FILE`; the error is one sentence. What is in the file stays. */
export function openRecorder(file: string): Result<Recorder, string> {
  try {
    // URIs may hold what is nobody else's business.
    return ok(new FileRecorder(file, openSync(file, 'a', 0o600)));
  } catch (error) {
    return err(`--record ${file} cannot be written: ${messageOf(error)}`);
  }
}

class FileRecorder implements Recorder {
  problem: string | null = null;
  readonly #file: string;
  #descriptor: number | null;

  constructor(file: string, descriptor: number) {
    this.#file = file;
    this.#descriptor = descriptor;
  }

  /** At once, so that what was seen is in the file whatever happens next; after an error no more. */
  write(document: Omit<Recorded, 'document'>): void {
    const line = recordingLine(document);
    if (this.#descriptor === null || line === null) return;
    try {
      writeFileSync(this.#descriptor, line);
    } catch (error) {
      this.problem = `--record ${this.#file} ends here, it cannot be written: ${messageOf(error)}`;
      this.close();
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
