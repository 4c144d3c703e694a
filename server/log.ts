/** Writes one line to the log. Worker and master share standard error, as uWSGI's processes do. */
export type Log = (line: string) => void;

/** A log on a stream; a reader that is gone must not end the master, so errors are swallowed there. */
export function streamLog(stream: NodeJS.WritableStream): Log {
  stream.on('error', () => undefined);
  return (line) => {
    stream.write(`${line}\n`);
  };
}
