import type { RequestLimits } from '../http/limits.js';
import type { Options } from './table.js';

/** How large a request may be, as a client sends it. */
export function requestLimits(options: Options): RequestLimits {
  return {
    line: options['limit-line'],
    fields: options['limit-fields'],
    fieldSize: options['limit-field-size'],
    body: options['limit-post'],
  };
}

/** What a router adds to a request that it has let through: fields that tell who asks. */
const ADDED_FIELDS = 8;
const ADDED_BYTES = 1024;

/** The same for a worker, which must take what a router has taken. */
export function workerLimits(options: Options): RequestLimits {
  const limits = requestLimits(options);
  if (options.http.length === 0) return limits;
  const { fields, fieldSize } = limits;
  return { ...limits, fields: fields + ADDED_FIELDS, fieldSize: fieldSize + ADDED_BYTES };
}

/** How large the heads of its requests may be, in bytes. */
export function workerHeaderSize(options: Options): number {
  const added = options.http.length === 0 ? 0 : ADDED_FIELDS * ADDED_BYTES;
  return options['limit-headers'] + added;
}
