/** What an application may import from the package it is served by. */
import { findWorker, type ThisWorker } from './worker/this-worker.js';

export type { ThisWorker } from './worker/this-worker.js';

/**
 * The worker that this code runs in: its `id` (from 1 on) and its `generation`. Null outside a
 * worker, so that the same code runs by itself: `if (worker === null || worker.id === 1) …`.
 */
export const worker: ThisWorker | null = findWorker();
