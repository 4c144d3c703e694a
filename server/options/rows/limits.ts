import type { OptionRow } from '../../../shared/options.js';
import { DEFAULT_LIMITS } from '../../http/limits.js';

const TOPIC = 'Limits of requests';

/** How large a request may be, on every socket. */
export const LIMIT_OPTIONS = [
  {
    name: 'limit-line',
    aliases: ['limit-request-line'],
    type: 'integer',
    value: 'BYTES',
    unit: 'bytes',
    default: DEFAULT_LIMITS.line,
    min: 64,
    max: 1_048_576,
    topic: TOPIC,
    help: 'how long the line of a request may be, its method and target; a longer one is answered 414',
  },
  {
    name: 'limit-fields',
    aliases: ['limit-request-fields'],
    type: 'integer',
    value: 'N',
    default: DEFAULT_LIMITS.fields,
    min: 1,
    max: 32_768,
    topic: TOPIC,
    help: 'how many header fields a request may have; more are answered 431',
  },
  {
    name: 'limit-field-size',
    aliases: ['limit-request-field-size'],
    type: 'integer',
    value: 'BYTES',
    unit: 'bytes',
    default: DEFAULT_LIMITS.fieldSize,
    min: 64,
    max: 1_048_576,
    topic: TOPIC,
    help: 'how large a header field may be, its name and value; a larger one is answered 431',
  },
  {
    name: 'limit-headers',
    type: 'integer',
    value: 'BYTES',
    unit: 'bytes',
    default: 16_384,
    min: 1024,
    max: 16_777_216,
    topic: TOPIC,
    help: 'how large the line and all header fields of a request may be together; larger ones are answered 431',
  },
  {
    name: 'limit-post',
    type: 'integer',
    value: 'BYTES',
    unit: 'bytes',
    default: 0,
    min: 0,
    max: 1_000_000_000_000_000,
    topic: TOPIC,
    help: 'how large the body of a request may be, one in chunks too; a larger one is answered 413; 0 for no limit',
    differs: 'A larger body is answered 413, one in chunks too; uWSGI closes the connection.',
  },
] as const satisfies readonly OptionRow[];
