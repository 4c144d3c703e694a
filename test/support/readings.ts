import type { Json } from '../../shared/delta.js';
import type { DecodedInstance } from '../../shared/stats.js';
import { NO_READINGS, nextReading, type Reading, type Readings } from '../../top/model/reading.js';
import { NOW } from './stats-builder.js';

/** A value as it would be after its way through JSON. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Documents that came a second apart, as readings. */
export function readingsOf(...instances: readonly DecodedInstance[]): Reading[] {
  let before: Readings = NO_READINGS;
  return instances.map((instance, second) => {
    const next = nextReading(
      before,
      {
        type: 'document',
        at: second * 1000,
        transport: 'live',
        document: { kind: 'instance', instance, damaged: false },
        stats: asJson(instance),
      },
      { intervalMs: 1000, wallMs: (NOW + second) * 1000 },
    );
    if (next === null) throw new Error('a second later is a reading');
    before = next[0];
    return next[1];
  });
}
