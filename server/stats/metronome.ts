/** Calls all who want the same period at the same moment, so that they can share what is made. */
export interface Metronome<T> {
  /** `beat` is called every `periodMs`, first within one period; the result leaves. */
  join(periodMs: number, beat: (made: T) => void): () => void;
  /** How many periods are being kept; 0 leaves no timer. */
  readonly periods: number;
}

/** `make` is called once for each moment, and what it made is given to everyone. */
export function metronome<T>(make: () => T): Metronome<T> {
  const groups = new Map<
    number,
    { readonly timer: NodeJS.Timeout; readonly beats: Set<(made: T) => void> }
  >();
  return {
    join(periodMs, beat) {
      const beats = groups.get(periodMs)?.beats ?? new Set();
      const timer =
        groups.get(periodMs)?.timer ??
        setInterval(() => {
          const made = make();
          for (const each of [...beats]) each(made);
        }, periodMs);
      beats.add(beat);
      groups.set(periodMs, { timer, beats });
      return () => {
        beats.delete(beat);
        if (beats.size > 0 || groups.get(periodMs)?.beats !== beats) return;
        clearInterval(timer);
        groups.delete(periodMs);
      };
    },
    get periods() {
      return groups.size;
    },
  };
}
