import fc from 'fast-check';

/** How a process that is spawned next will behave. */
export interface Nature {
  readonly spawnMs: number;
  readonly loadMs: number;
  /** What becomes of it: serves, serves 500 without the application, or exits while it loads. */
  readonly fate: 'serves' | 'empty' | 1 | 17 | 22;
  /** How long it takes to obey; null when it must be killed. */
  readonly obeysMs: number | null;
}

/** It starts, serves and obeys. */
export const GOOD: Nature = { spawnMs: 0, loadMs: 50, fate: 'serves', obeysMs: 10 };

/** Any nature. */
export const nature: fc.Arbitrary<Nature> = fc.record({
  spawnMs: fc.integer({ min: 0, max: 200 }),
  loadMs: fc.integer({ min: 0, max: 3000 }),
  fate: fc.constantFrom<Nature['fate']>('serves', 'serves', 'serves', 'empty', 1, 17, 22),
  obeysMs: fc.option(fc.integer({ min: 0, max: 8000 })),
});
