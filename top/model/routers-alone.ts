import type { DecodedInstance } from '../../shared/stats.js';

/** Whether there are routers and no workers: they ask foreign back ends, and do all that is counted. */
export function isRoutersAlone({
  workers,
  routers = [],
}: Pick<DecodedInstance, 'workers' | 'routers'>): boolean {
  return workers.length === 0 && routers.length > 0;
}
