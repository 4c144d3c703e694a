/** What a call of `listen` asks for, in any of Node's signatures. */
export interface Wanted {
  readonly port: number | undefined;
  /** `{ port: undefined }` was written out. */
  readonly portLeftOpen: boolean;
  readonly signal: AbortSignal | undefined;
  /** The callback, if there is one. */
  readonly callback: readonly ListeningCallback[];
}

type ListeningCallback = () => void;

export const NOTHING_ASKED: Wanted = {
  port: undefined,
  portLeftOpen: false,
  signal: undefined,
  callback: [],
};

/**
 * Reads the arguments of `listen`: (port, host, backlog, callback) with any but the first left
 * out, (path, …), (handle, …) or (options, callback), as documented under `server.listen()`.
 */
export function readListenArguments(args: readonly unknown[]): Wanted {
  const last = args.at(-1);
  const callback = isCallback(last) ? [last] : [];
  const head = args[0];
  if (typeof head !== 'object' || head === null) {
    return { ...NOTHING_ASKED, port: portOf(head), callback };
  }
  const port: unknown = Reflect.get(head, 'port');
  const signal: unknown = Reflect.get(head, 'signal');
  return {
    port: portOf(port),
    portLeftOpen: 'port' in head && port === undefined,
    signal: signal instanceof AbortSignal ? signal : undefined,
    callback,
  };
}

function isCallback(value: unknown): value is ListeningCallback {
  return typeof value === 'function';
}

/** A port is a number or digits; any other string is a path. */
function portOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}
