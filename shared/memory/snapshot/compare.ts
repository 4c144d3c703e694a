import type { ClassTally, SnapshotClasses } from './class-book.js';

/** A class in two snapshots. */
export interface ClassGrowth {
  readonly name: string;
  readonly before: ClassTally;
  readonly after: ClassTally;
  /** After less before. */
  readonly delta: ClassTally;
}

/** Two snapshots beside each other. */
export interface SnapshotComparison {
  readonly all: Omit<ClassGrowth, 'name'>;
  /** Every class of either, what grew most first. */
  readonly classes: readonly ClassGrowth[];
}

const NONE: ClassTally = { count: 0, size: 0 };

/** What grew from one snapshot to another, by size, then by number, then by name. */
export function compareSnapshots(
  before: SnapshotClasses,
  after: SnapshotClasses,
): SnapshotComparison {
  const names = new Set([...before.classes.keys(), ...after.classes.keys()]);
  const classes = [...names].map((name) => ({
    name,
    ...growth(before.classes.get(name) ?? NONE, after.classes.get(name) ?? NONE),
  }));
  classes.sort(
    (a, b) =>
      b.delta.size - a.delta.size ||
      b.delta.count - a.delta.count ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  return { all: growth(before.all, after.all), classes };
}

/** The classes of which there is more or less than before. */
export function changed({ classes }: SnapshotComparison): readonly ClassGrowth[] {
  return classes.filter(({ delta }) => delta.count !== 0 || delta.size !== 0);
}

function growth(before: ClassTally, after: ClassTally): Omit<ClassGrowth, 'name'> {
  return {
    ...{ before, after },
    delta: { count: after.count - before.count, size: after.size - before.size },
  };
}
