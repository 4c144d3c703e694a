import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/**
 * What producers and consumers of tasks have written down, a line each as it happened: `ack TASK`,
 * `start TASK WHO`, `end TASK WHO` or `fail TASK WHO`.
 */
export interface TaskLine {
  readonly kind: 'ack' | 'start' | 'end' | 'fail';
  readonly cat: string;
  /** Who ran it. */
  readonly name: string;
  /** Which run it was, where that is written down; 0 where not. */
  readonly attempt: number;
}

/** What has happened, and who was killed meanwhile. */
export interface TaskLedger {
  readonly lines: readonly TaskLine[];
  readonly killed: ReadonlySet<string>;
}

export function readTaskLines(file: string): TaskLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [kind, cat = '', name = '', attempt = '0'] = line.split(' ');
      return { kind: kind as TaskLine['kind'], cat, name, attempt: Number(attempt) };
    });
}

export function countLines(file: string, kind: TaskLine['kind']): number {
  return readTaskLines(file).filter((line) => line.kind === kind).length;
}

/** The runs of each task, in order. */
export function runsOf(lines: readonly TaskLine[]): Map<string, TaskLine[]> {
  const runs = new Map<string, TaskLine[]>();
  for (const line of lines) {
    if (line.kind === 'ack') continue;
    const told = runs.get(line.cat) ?? [];
    runs.set(line.cat, told);
    told.push(line);
  }
  return runs;
}

/**
 * Every acknowledged task ran to its end; it ran again only after a run that failed or was cut, and
 * never twice at once. Returns how many runs were cut.
 */
export function checkRuns({ lines, killed }: TaskLedger): number {
  const runs = runsOf(lines);
  const lost = lines.filter(
    ({ kind, cat }) =>
      kind === 'ack' && runs.get(cat)?.some((line) => line.kind === 'end') !== true,
  );
  assert.deepEqual(lost, [], 'acknowledged tasks that never ran to their end');
  let cuts = 0;
  for (const [cat, told] of runs) {
    for (const [index, line] of told.entries()) {
      const next = told[index + 1];
      if (next === undefined || line.kind === 'fail') continue;
      const isSameRun = line.kind === 'start' && next.kind !== 'start' && next.name === line.name;
      const isCut = next.kind === 'start' && killed.has(line.name);
      assert.ok(isSameRun || isCut, `task ${cat}: ${JSON.stringify(told)}`);
      if (isCut) cuts++;
    }
  }
  return cuts;
}

/** One at a time; one that failed or was cut comes again before the next; each producer's in turn. */
export function checkOrder({ lines }: TaskLedger): void {
  const starts = lines.filter(({ kind }) => kind !== 'ack');
  const last = new Map<string, number>();
  for (const [index, line] of starts.entries()) {
    if (line.kind !== 'start') continue;
    const before = starts[index - 1];
    const mayBeNew = before === undefined || before.kind === 'end' || before.cat === line.cat;
    assert.ok(mayBeNew, `${line.cat} began after: ${JSON.stringify(before)}`);
    const [producer = '', number] = line.cat.split('-');
    assert.ok(Number(number) >= (last.get(producer) ?? 0), `${line.cat} began too late`);
    last.set(producer, Number(number));
  }
}
