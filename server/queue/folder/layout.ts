import { join } from 'node:path';
import { digits } from './task-name.js';

/** The format that this code writes and reads. */
export const FORMAT = 1;
export const PRIORITIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The paths of a queue's folder (docs/queue.md). */
export interface Layout {
  readonly root: string;
  readonly about: string;
  readonly tmp: string;
  readonly ready: string;
  readonly delayed: string;
  readonly claimed: string;
  readonly failed: string;
  readonly keys: string;
  readonly leases: string;
  readonly quarantine: string;
  readonly bell: string;
  /** Is there while the queue is paused. */
  readonly paused: string;
  /** Tasks of a priority that wait, in buckets. */
  readonly priority: (priority: number) => string;
}

export function layoutOf(root: string): Layout {
  const ready = join(root, 'ready');
  return {
    root,
    about: join(root, 'queue.json'),
    tmp: join(root, 'tmp'),
    ready,
    delayed: join(root, 'delayed'),
    claimed: join(root, 'claimed'),
    failed: join(root, 'failed'),
    keys: join(root, 'keys'),
    leases: join(root, 'leases'),
    quarantine: join(root, 'quarantine'),
    bell: join(root, 'bell'),
    paused: join(root, 'paused'),
    priority: (priority) => join(ready, String(priority)),
  };
}

/** Every folder of a queue but its buckets, parents first. */
export function foldersOf(layout: Layout): string[] {
  const { tmp, ready, delayed, claimed, failed, keys, leases, quarantine } = layout;
  const kinds = ['ordered', 'keys'].map((kind) => join(leases, kind));
  return [tmp, ready, ...PRIORITIES.map(layout.priority), delayed, claimed, failed, keys].concat(
    leases,
    kinds,
    quarantine,
  );
}

const BUCKET_US = 10_000_000;
const MINUTE_US = 60_000_000;
const BUCKET_DIGITS = 10;

/** The bucket of tasks that are offered again, which comes before all others. */
export const AGAIN = digits(0, BUCKET_DIGITS);

/** The bucket of a waiting task: the ten seconds in which it became due. */
export function bucketOf(due: number): string {
  return digits(Math.max(1, Math.floor(due / BUCKET_US)), BUCKET_DIGITS);
}

/** The folder of a task for later: the minute in which it is due. */
export function minuteOf(due: number): string {
  return digits(Math.floor(due / MINUTE_US), BUCKET_DIGITS);
}

/** Whether a name is that of a bucket or a minute. */
export function isSpan(name: string): boolean {
  return /^\d{10}$/.test(name);
}
