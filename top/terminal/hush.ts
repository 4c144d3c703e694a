/** What a library may write to while the screen is ours. */
export type Writer = Pick<NodeJS.WriteStream, 'write'>;

type Callback = (error?: Error | null) => void;

/** Text beyond this is dropped: a loop of warnings must not eat the memory. */
export const MAX_HELD = 64 * 1024;

export interface Hush {
  begin(): void;
  /** Gives the streams back and writes to the last of them what was held. */
  end(): void;
}

/**
 * Holds back what is written to these streams between `begin` and `end`, so that a library's
 * warning does not tear the picture.
 */
export function createHush(writers: readonly Writer[]): Hush {
  let held = '';
  let restore: (() => void)[] = [];

  const hold = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): boolean => {
    const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    held = (held + text).slice(0, MAX_HELD);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) queueMicrotask(done);
    return true;
  };

  return {
    begin() {
      if (restore.length > 0) return;
      restore = writers.map((writer) => replaceWrite(writer, hold));
    },
    end() {
      for (const give of restore) give();
      restore = [];
      if (held !== '') writers.at(-1)?.write(held);
      held = '';
    },
  };
}

/** Shadows the stream's method and returns what removes the shadow. */
function replaceWrite(writer: Writer, write: Writer['write']): () => void {
  const own = Object.getOwnPropertyDescriptor(writer, 'write');
  writer.write = write;
  return () => {
    if (own) Object.defineProperty(writer, 'write', own);
    else Reflect.deleteProperty(writer, 'write');
  };
}
