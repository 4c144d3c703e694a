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

/**
 * What a function makes of each element of a list. Most elements are the very ones that stood in the
 * same place of the list before, as of many workers few change: only of the others it is made anew.
 */
export function ofEach<T, R>(make: (of: T) => R): (all: readonly T[]) => readonly R[] {
  let last: { readonly all: readonly T[]; readonly made: readonly R[] } = { all: [], made: [] };
  return (all) => {
    if (all === last.all) return last.made;
    const before = last;
    const made = all.map((one, at) =>
      at < before.all.length && before.all[at] === one ? (before.made[at] as R) : make(one),
    );
    last = { all, made };
    return made;
  };
}
