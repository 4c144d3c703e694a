import type { DecodedInstance } from '../../shared/stats.js';
import { backEndsOf } from '../model/back-ends.js';
import { sanitizeShort } from '../model/sanitize.js';

/** Which back ends no router can reach any more, and which one can again, in sentences. */
export function backEndChanges(before: DecodedInstance, now: DecodedInstance): string[] {
  const were = new Set(downOnes(before));
  const are = new Set(downOnes(now));
  return [
    ...[...are].filter((one) => !were.has(one)).map((one) => `back end ${one} is down`),
    ...[...were]
      .filter((one) => !are.has(one) && isUp(now, one))
      .map((one) => `back end ${one} is up again`),
  ];
}

/** How many routers and back ends there are, where they are alone. */
export function routersAndBackEnds(instance: DecodedInstance): string[] {
  const { routers = [] } = instance;
  const all = backEndsOf(routers).length;
  const down = downOnes(instance).length;
  return [
    `${routers.length} router${routers.length === 1 ? '' : 's'}`,
    `${all} back end${all === 1 ? '' : 's'}`,
    ...(down > 0 ? [`${down} of them down`] : []),
  ];
}

/** One that is being tried is no news: the next request finds out. */
function downOnes({ routers = [] }: DecodedInstance): string[] {
  return backEndsOf(routers)
    .filter(({ states }) => states.every((state) => state !== 'up'))
    .map(({ address }) => sanitizeShort(address, 200));
}

function isUp({ routers = [] }: DecodedInstance, address: string): boolean {
  return backEndsOf(routers).some((one) => sanitizeShort(one.address, 200) === address);
}
