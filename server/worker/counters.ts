import { bucketOf } from '../../shared/histogram.js';
import { FIELD, type Memory, type Work, writeCore, writePeer } from './memory.js';

/** The other end of a connection. */
export interface Client {
  /** Its address, empty while nobody has asked for it. */
  readonly peer: string;
  /** The descriptor of the connection, by which it can be found out; -1 without one. */
  readonly fd: number;
}

/** The writing side of the shared memory: what begins and ends in the main thread. */
export interface Counters {
  /** A request enters the application; returns its core, -1 when there is none left to name it. */
  begin(work: Work, client: Client, now: number): number;
  /** The address of a core's client became known. */
  named(core: number, peer: string): void;
  /** It ended; `isStatic`: a file was the answer, which says nothing of the application's time. */
  end(core: number, startedAt: number, now: number, isStatic?: boolean): void;
  /** The request on a core may take as long as its client does. */
  unlimited(core: number): void;
  /** Adds to a counter that only grows, or moves a gauge. */
  add(field: keyof typeof FIELD, amount: number): void;
  beat(now: number): void;
}

/** `fixedCores` is `--async`: that many cores are shown from the start, else as many as were used. */
export function createCounters(memory: Memory, fixedCores: number): Counters {
  const { fields, buckets, started, served, statics, limits } = memory;
  // Lowest core first, so that few cores are used when few are needed.
  const free = Array.from({ length: memory.cores }, (_, i) => memory.cores - 1 - i);
  fields[FIELD.cores] = Math.max(1, Math.min(fixedCores, memory.cores));
  const add = (index: number, amount: number): void => {
    fields[index] = (fields[index] ?? 0) + amount;
  };
  return {
    begin(work, { peer, fd }, now) {
      add(FIELD.inFlight, 1);
      const core = free.pop();
      if (core === undefined) return -1;
      if (core >= (fields[FIELD.cores] ?? 0)) fields[FIELD.cores] = core + 1;
      writeCore(memory, core, work, peer);
      memory.fds[core] = fd;
      // Last, since it is what makes the core count as taken.
      started[core] = now;
      return core;
    },
    named(core, peer) {
      writePeer(memory, core, peer);
    },
    end(core, startedAt, now, isStatic = false) {
      const micros = (now - startedAt) * 1000;
      add(FIELD.inFlight, -1);
      add(FIELD.runningTime, micros);
      if (!isStatic) fields[FIELD.averageTime] = ((fields[FIELD.averageTime] ?? 0) + micros) / 2;
      const bucket = bucketOf(micros);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      if (core >= 0) {
        served[core] = (served[core] ?? 0) + 1;
        if (isStatic) statics[core] = (statics[core] ?? 0) + 1;
        started[core] = 0;
        free.push(core);
      }
      add(FIELD.requests, 1);
    },
    unlimited(core) {
      limits[core] = 0;
    },
    add(field, amount) {
      add(FIELD[field], amount);
    },
    beat(now) {
      fields[FIELD.heartbeat] = now;
    },
  };
}
