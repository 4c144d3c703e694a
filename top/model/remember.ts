/**
 * A function that gives the same result again while it is asked with the same arguments. For what
 * several parts of one frame need of one model, and what takes long with a thousand workers: the
 * function must be pure, and its arguments immutable.
 */
export function lastOf<A extends readonly unknown[], R>(
  make: (...given: A) => R,
): (...given: A) => R {
  let last: { readonly given: A; readonly made: R } | undefined;
  return (...given) => {
    if (last?.given.every((value, index) => Object.is(value, given[index])) !== true) {
      last = { given, made: make(...given) };
    }
    return last.made;
  };
}
