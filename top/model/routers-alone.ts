import type { DecodedInstance } from '../../shared/stats.js';

/** Whether there are routers and no workers: they ask foreign back ends, and do all that is counted. */
export function isRoutersAlone({
  workers,
  routers = [],
}: Pick<DecodedInstance, 'workers' | 'routers'>): boolean {
  return workers.length === 0 && routers.length > 0;
}

/** What works in a server without workers, as the end of a sentence; null: nothing does. */
export function insteadOfWorkers(
  instance: Pick<DecodedInstance, 'workers' | 'routers' | 'spoolers'>,
): string | null {
  if (isRoutersAlone(instance)) return 'its routers ask back ends';
  const { workers, spoolers = [] } = instance;
  return workers.length === 0 && spoolers.length > 0 ? 'its spoolers run tasks' : null;
}
