import { growthOf, type Verdict } from '../../shared/memory/verdict.js';
import {
  type Behaviour,
  type Generated,
  generate,
  RIGHT_VERDICTS,
} from '../support/memory-generators.js';
import { seeded } from '../support/seeded.js';
import { median, percentile, spread } from './statistics.js';

/** How well the verdict judges processes of which it is known what they do, and what that costs. */

const WINDOW_S = 600;
const EVERY_S = 5;
const SEEDS = 20;

/** Prints for each behaviour how many verdicts are right, the errors of slopes, and from when on. */
export function measureVerdicts(rounds: number): void {
  console.log(
    `\nMemory: the verdict over ${WINDOW_S} s, a look each ${EVERY_S} s, ${SEEDS} seeds each`,
  );
  for (const [behaviour, verdicts] of RIGHT_VERDICTS) measureBehaviour(behaviour, verdicts);
  measureCost(rounds);
}

function measureBehaviour(behaviour: Behaviour, verdicts: readonly Verdict[]): void {
  const all = Array.from({ length: SEEDS }, (_, seed) => generate(behaviour, seeded(seed + 1)));
  const ends = all.map((generated) => growthOf(generated.points, WINDOW_S));
  const right = ends.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const errors = all.flatMap(({ perSecond }, index) => {
    const slope = ends[index]?.rss?.slope;
    return perSecond === 0 || slope === undefined ? [] : [100 * Math.abs(slope / perSecond - 1)];
  });
  const times = all.flatMap((generated) => rightFrom(generated, verdicts) ?? []);
  const noticed = all.flatMap((generated) => rightFrom(generated, ['suspect', 'leak']) ?? []);
  const parts = [
    `  ${behaviour}: ${right} of ${SEEDS} right`,
    errors.length === 0
      ? 'no slope to be wrong about'
      : `error of the slope in %, median ${median(errors).toFixed(1)}, worst ${Math.max(...errors).toFixed(1)}`,
    times.length === 0
      ? 'never right to the end'
      : `right to the end from second ${median(times)} (median), ${percentile(times, 0.95)} (p95)`,
    ...(verdicts.includes('leak') && noticed.length > 0
      ? [`suspect or leak from second ${median(noticed)}, ${percentile(noticed, 0.95)}`]
      : []),
  ];
  console.log(parts.join('; '));
}

/** The second from which on every verdict is right; null where the last one is not. */
function rightFrom({ points }: Generated, verdicts: readonly Verdict[]): number | null {
  const isRight = points.map((_, index) =>
    verdicts.includes(growthOf(points.slice(0, index + 1), WINDOW_S).verdict),
  );
  return points[isRight.lastIndexOf(false) + 1]?.t ?? null;
}

/** The CPU time of one verdict over a whole window. */
function measureCost(rounds: number): void {
  const { points } = generate('heap leak', seeded(1));
  const verdicts = 500;
  const costs = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (let count = 0; count < verdicts; count++) growthOf(points, WINDOW_S);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / verdicts;
  });
  console.log(`  µs of CPU for one verdict, min / median / max: ${spread(costs, 0)}`);
}
