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
 * A function that works out one thing of an object once, for as long as there is that object, which
 * must be immutable: what is told of a document is asked for again when the next one is compared.
 */
export function onceFor<K extends object, R>(make: (of: K) => R): (of: K) => R {
  const known = new WeakMap<K, { readonly made: R }>();
  return (of) => {
    const found = known.get(of);
    if (found !== undefined) return found.made;
    const made = make(of);
    known.set(of, { made });
    return made;
  };
}
