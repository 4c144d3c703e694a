import { writeSync } from 'node:fs';

/** What of a process writes. */
interface Writing {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Makes a process write stdout and stderr at once. They are pipes that the master reads: Node would
 * keep what does not fit into one and lose it when the process exits (of 40 000 lines and `exit` all
 * but 457), and the memory it keeps it in has no bound. The master always reads, so nothing waits
 * for long.
 */
export function writeAtOnce({ stdout, stderr }: Writing): void {
  for (const stream of [stdout, stderr]) {
    const handle: unknown = Reflect.get(stream, '_handle');
    if (!canBlock(handle)) continue;
    handle.setBlocking(true);
  }
}

interface Blocking {
  setBlocking(isBlocking: boolean): unknown;
}

function canBlock(handle: unknown): handle is Blocking {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    typeof Reflect.get(handle, 'setBlocking') === 'function'
  );
}

/** Writes the lines of requests to their pipe; once the master is gone nobody misses them. */
export function pipeWriter(fd: number): (text: string) => void {
  return (text) => {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    } catch {
      // The process hears elsewhere that its master is gone, and ends.
    }
  };
}
