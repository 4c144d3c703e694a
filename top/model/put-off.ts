/** A value that is worked out when it is asked for, once. */
export interface PutOff<T> {
  value(): T;
}

/** For what the next picture does not show; `make` must be pure. What it holds is let go of then. */
export function putOff<T>(make: () => T): PutOff<T> {
  return new Unmade(make);
}

/** A class, so that two with the same value are equal to tests that compare models. */
class Unmade<T> implements PutOff<T> {
  private state: { readonly make: () => T } | { readonly made: T };

  constructor(make: () => T) {
    this.state = { make };
  }

  value(): T {
    if ('make' in this.state) this.state = { made: this.state.make() };
    return this.state.made;
  }
}
