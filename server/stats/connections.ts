import type { Socket } from 'node:net';

/** How far the server knows a client: not yet, a reader of the raw document, or one that speaks. */
export type Phase = 'sniffing' | 'raw' | 'speaking';

/** The open connections of one stats server, at most `max` of them. */
export interface Connections {
  /**
   * Takes a new connection in. When there is no room, the oldest one that has not said anything
   * makes it, then the oldest that is still being handed a document. When all the others speak,
   * the new one is closed and `false` returned, and room is made for the next. So it is when its
   * `peer`, where that is not null, has `maxPerPeer` open already.
   */
  admit(socket: Socket, peer: string | null): boolean;
  /** Says what a connection turned out to be. */
  enter(socket: Socket, phase: Phase): void;
  readonly size: number;
  /** Lets the connections finish for `graceMs`, then cuts those that are left. */
  drain(graceMs: number): Promise<void>;
}

/** How many connections there may be. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxPerPeer: number;
}

/**
 * Keeps connections in the order in which they came. `onFull` is called when a client had to be
 * turned away for want of room: it may close connections that are not in use.
 */
export function connections(
  { maxConnections: max, maxPerPeer }: ConnectionLimits,
  onFull: () => void,
): Connections {
  const peers = new Map<string, number>();
  const phases = new Map<Socket, Phase>();
  let onEmpty = (): void => undefined;
  const forget = (socket: Socket): void => {
    phases.delete(socket);
    if (phases.size === 0) onEmpty();
  };
  return {
    admit(socket, peer) {
      if (peer !== null && (peers.get(peer) ?? 0) >= maxPerPeer) {
        socket.destroy();
        return false;
      }
      if (phases.size >= max) {
        const victim = oldest(phases, 'sniffing') ?? oldest(phases, 'raw');
        (victim ?? socket).destroy();
        if (victim === undefined) {
          onFull();
          return false;
        }
        phases.delete(victim);
      }
      phases.set(socket, 'sniffing');
      count(peers, peer, 1);
      socket.once('close', () => {
        count(peers, peer, -1);
        forget(socket);
      });
      return true;
    },
    enter(socket, phase) {
      if (phases.has(socket)) phases.set(socket, phase);
    },
    get size() {
      return phases.size;
    },
    async drain(graceMs) {
      if (phases.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of phases.keys()) socket.destroy();
        }, graceMs);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}

function count(peers: Map<string, number>, peer: string | null, by: 1 | -1): void {
  if (peer === null) return;
  const open = (peers.get(peer) ?? 0) + by;
  if (open > 0) peers.set(peer, open);
  else peers.delete(peer);
}

function oldest(phases: ReadonlyMap<Socket, Phase>, wanted: Phase): Socket | undefined {
  for (const [socket, phase] of phases) if (phase === wanted) return socket;
  return undefined;
}
