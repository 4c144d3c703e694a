import type { DecodedInstance } from '../../../shared/stats.js';
import { running } from './sightings.js';

/**
 * Why a uWSGI is not told to reload in a chain now, or null. It reloads only the workers that accept,
 * passes over the others, and says "chain reloading complete" all the same: those would stay as old
 * as they are, with nobody told.
 */
export function tooEarlyForChain(instance: DecodedInstance): string | null {
  const late = running(instance).filter(({ accepting }) => accepting === 0);
  if (late.length === 0) return null;
  const ids = late.map(({ id, pid }) => (id > 0 ? `worker ${id}` : `pid ${pid}`)).join(', ');
  const verb = late.length === 1 ? 'does' : 'do';
  return (
    `${ids} ${verb} not accept yet, and a chain reload of uWSGI passes over such workers: ` +
    'nothing was sent; wait until all accept, or reload them together'
  );
}
