import { err, ok, type Result } from '../shared/result.js';
import { fleetProblem, type Given } from './combinations.js';

/** What stands on the command line without a name. */
export interface Operands {
  /** As written: where the stats server is, or the recording; empty where --targets names it. */
  readonly address: string;
  /** All servers that the command line names. */
  readonly addresses: readonly string[];
  /** For `--traceback`: the worker that is meant, null for all. */
  readonly worker: number | null;
  /** For `--compare-snapshots`: the files, before and after; else empty. */
  readonly snapshots: readonly [before: string, after: string];
}

/** What most command lines have none of. */
const NOTHING = { addresses: [], worker: null, snapshots: ['', ''] } as const;

type Check = (address: string) => Result<unknown, string>;

/**
 * The addresses, or one and behind it the number of a worker where one may stand.
 * @param options Null when they are wrong: the operands are looked at all the same.
 */
export function readOperands(
  operands: readonly string[],
  options: Given | null,
  checkAddress: Check,
): Result<Operands, string[]> {
  if (options?.['compare-snapshots'] === true) return readFiles(operands);
  const [address, ...others] = operands;
  const { replay, targets, traceback }: Partial<Given> = options ?? {};
  if (replay !== undefined) return readRecording(replay, address);
  if (address === undefined) {
    if (targets !== undefined) return ok({ ...NOTHING, address: '' });
    return err(['which stats server? Give its address, such as: tsuwsgitop localhost:9191']);
  }
  if (traceback === true) return readTraceback(address, others, checkAddress);
  const problems = addressProblems(operands, checkAddress);
  const alone = operands.length > 1 && options !== null ? fleetProblem(options) : null;
  if (alone !== null) problems.push(alone);
  return problems.length > 0 ? err(problems) : ok({ ...NOTHING, address, addresses: operands });
}

function readRecording(replay: string, address: string | undefined): Result<Operands, string[]> {
  return address === undefined
    ? ok({ ...NOTHING, address: replay })
    : err([`--replay reads a file, not a server: leave out "${address}"`]);
}

function readFiles([before, after, ...rest]: readonly string[]): Result<Operands, string[]> {
  if (before === undefined || after === undefined) {
    const example = 'tsuwsgitop --compare-snapshots before.heapsnapshot after.heapsnapshot';
    return err([`--compare-snapshots compares two files: ${example}`]);
  }
  if (rest.length > 0) return err([`two files at a time: "${rest.join(' ')}" is too much`]);
  return ok({ ...NOTHING, address: '', snapshots: [before, after] });
}

function readTraceback(
  address: string,
  [number, ...rest]: readonly string[],
  checkAddress: Check,
): Result<Operands, string[]> {
  const worker = readWorker(number);
  const problems = addressProblems([address], checkAddress);
  if (rest.length > 0) problems.unshift(`one address at a time: "${rest.join(' ')}" is too much`);
  if (!worker.ok) return err([worker.error, ...problems]);
  if (problems.length > 0) return err(problems);
  return ok({ ...NOTHING, address, addresses: [address], worker: worker.value });
}

function addressProblems(addresses: readonly string[], checkAddress: Check): string[] {
  return addresses.flatMap((address) => {
    const checked = checkAddress(address);
    return checked.ok ? [] : [checked.error];
  });
}

function readWorker(text: string | undefined): Result<number | null, string> {
  if (text === undefined) return ok(null);
  if (/^[1-9]\d{0,5}$/.test(text)) return ok(Number(text));
  return err(`"${text}" is not the number of a worker: tsuwsgitop localhost:9191 --traceback 1`);
}
