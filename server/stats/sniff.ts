import type { Socket } from 'node:net';

/** `spoke`: the client sent bytes first; `silent`: it did not, or said at once that it never will. */
export type Verdict = 'spoke' | 'silent';

/**
 * Waits for the first bytes of a client, at most `waitMs`, and tells which kind of client it is,
 * once. After `spoke` the socket is paused and the bytes are back in it. No verdict comes when
 * the socket closes before. 0 decides without looking, as uWSGI does.
 */
export function sniff(socket: Socket, waitMs: number, decide: (verdict: Verdict) => void): void {
  if (waitMs === 0) {
    decide('silent');
    return;
  }
  let late: NodeJS.Immediate | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    clearImmediate(late);
    socket.off('data', onData).off('end', onEnd).off('close', stop);
  };
  const onData = (head: Buffer): void => {
    stop();
    socket.pause();
    socket.unshift(head);
    decide('spoke');
  };
  const onEnd = (): void => {
    stop();
    decide('silent');
  };
  const timer = setTimeout(() => {
    // When this loop was busy, the bytes may lie in the kernel by now: one more look comes between.
    late = setImmediate(onEnd);
  }, waitMs);
  socket.on('data', onData).on('end', onEnd).on('close', stop);
}
