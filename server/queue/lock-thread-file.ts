/**
 * Where the thread of redis/lock-thread.ts is. The path holds from the folder of this file and from
 * those of the packed files that use it (.ci/pack.mjs), which lie beside each other.
 */
export const LOCK_THREAD = new URL('../queue/redis/lock-thread.packed.js', import.meta.url);
