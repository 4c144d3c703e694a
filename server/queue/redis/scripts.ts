import type { Redis } from 'ioredis';
import type { Names } from './names.js';

/**
 * Goes on holding a job that this process has claimed. Its lock may be gone, while Redis was away or
 * this process was stopped: it is taken again where nobody has claimed the job since. 1: it is held.
 */
const HOLD = `
local held = redis.call('GET', KEYS[1])
if held == ARGV[2] then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('SREM', KEYS[4], ARGV[1])
  return 1
end
if held or redis.call('HGET', KEYS[2], 'ats') ~= ARGV[3] then return 0 end
if not redis.call('LPOS', KEYS[3], ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
redis.call('SREM', KEYS[4], ARGV[1])
return 1
`;

/** Offers a job of a dead process again, as BullMQ does with one that is stalled. */
const OFFER = `
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[4], ARGV[1])
if redis.call('LREM', KEYS[3], 1, ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], 'stc', 1)
redis.call('RPUSH', KEYS[5], ARGV[1])
return 1
`;

/** Names a claim: whose lock it is, and which start of the job. */
export interface Claim {
  readonly id: string;
  readonly token: string;
  readonly starts: number;
}

/** Goes on holding a claimed job for `ms`; false: somebody else may have it. */
export async function hold(
  client: Redis,
  names: Names,
  claim: Claim,
  ms: number,
): Promise<boolean> {
  const { id, token, starts } = claim;
  const keys = [names.lock(id), names.job(id), names.list('active'), names.list('stalled')];
  return (await client.eval(HOLD, keys.length, ...keys, id, token, starts, ms)) === 1;
}

/** Offers again what a process had that is dead; false: it has it no more. */
export async function offer(
  client: Redis,
  names: Names,
  id: string,
  token: string,
): Promise<boolean> {
  const lists = (['active', 'stalled', 'wait'] as const).map(names.list);
  const keys = [names.lock(id), names.job(id), ...lists];
  return (await client.eval(OFFER, keys.length, ...keys, id, token)) === 1;
}
