/** What V8 lets the young generation grow to by itself in every version, in MB (64 bit; Node 24: 32). */
const V8_LARGEST_MB = 16;

/**
 * The flags of Node that a worker is started with. `inherited` are the master's own, without those
 * that only one process can have.
 *
 * V8 begins with a young generation of 1 MB and makes it larger only while much of it survives;
 * what a request allocates does not, so a server that is busy with small requests collects hundreds
 * of times a second. Beginning at the size that V8 would allow anyway saves about 4 % of the CPU time
 * of a small request (docs/benchmarks.md). A size that the user has set, on the command line or in NODE_OPTIONS, stands.
 *
 * SIGUSR1 asks a worker for its totals. `--disable-sigusr1` would keep Node from opening its inspector
 * before a worker has a handler for it, but it blocks the signal for good: no handler hears it then
 * (seen in 22.23, 24.21 and 26.10). So it is not given.
 */
export function workerFlags(
  inherited: readonly string[],
  nodeOptions: string,
  youngGenerationMb: number,
): string[] {
  const own = inherited.filter((flag) => !/^--(inspect|debug|test|watch)/.test(flag));
  const isSet = [...own, nodeOptions].some((text) => /semi[-_]space/.test(text));
  if (isSet || youngGenerationMb === 0) return own;
  const flags = [`--min-semi-space-size=${youngGenerationMb}`];
  if (youngGenerationMb > V8_LARGEST_MB) flags.push(`--max-semi-space-size=${youngGenerationMb}`);
  return [...flags, ...own];
}
