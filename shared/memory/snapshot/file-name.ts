/** Letters, digits, dots and hyphens, with no dot in front: never a path, never an option. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.heapsnapshot$/;

/** Whether something is the bare name of a snapshot, which means a file in one folder alone. */
export function isSnapshotName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
