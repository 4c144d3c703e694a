/** In which workers and spoolers find the folders and URLs of the queues, as a list in JSON. */
export const QUEUES_VARIABLE = 'TSUWSGI_SPOOLERS';

/** The queues that a master has told this process of; none outside of one. */
export function queuesOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const text = env[QUEUES_VARIABLE];
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
