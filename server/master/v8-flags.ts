/** What V8 lets the young generation grow to by itself, in MB (64 bit, Node 20 to 24). */
const V8_LARGEST_MB = 16;

const NO_INSPECTOR = '--disable-sigusr1';

/**
 * The flags of Node that a worker is started with. `inherited` are the master's own, without those
 * that only one process can have.
 *
 * V8 begins with a young generation of 1 MB and makes it larger only while much of it survives;
 * what a request allocates does not, so a server that is busy with small requests collects hundreds
 * of times a second. Beginning at the size that V8 would allow anyway saves about 4 % of the CPU time
 * of a small request (docs/benchmarks.md). A size that the user has set, on the command line or in NODE_OPTIONS, stands.
 *
 * SIGUSR1 asks a worker for its totals. Before a worker has a handler for it, Node would open its
 * inspector instead; where Node can be told not to (22.14, 23.7 and later), it is: then the signal
 * has its default effect for that first moment, and the worker is replaced. `known` are the flags
 * that this Node has.
 */
export function workerFlags(
  inherited: readonly string[],
  nodeOptions: string,
  youngGenerationMb: number,
  known: { has(flag: string): boolean } = process.allowedNodeEnvironmentFlags,
): string[] {
  const kept = inherited.filter((flag) => !/^--(inspect|debug|test|watch)/.test(flag));
  const own = known.has(NO_INSPECTOR) ? [NO_INSPECTOR, ...kept] : kept;
  const isSet = [...own, nodeOptions].some((text) => /semi[-_]space/.test(text));
  if (isSet || youngGenerationMb === 0) return own;
  const flags = [`--min-semi-space-size=${youngGenerationMb}`];
  if (youngGenerationMb > V8_LARGEST_MB) flags.push(`--max-semi-space-size=${youngGenerationMb}`);
  return [...flags, ...own];
}
