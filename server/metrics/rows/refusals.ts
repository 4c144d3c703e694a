import { REFUSAL_CODES } from '../../wire/refusals.js';
import type { Metric } from '../metric.js';

/** Over all workers: who sends such requests is not a matter of which worker got them. */
export const REFUSAL_METRIC: Metric = {
  name: 'tsuwsgi_refused_requests',
  type: 'counter',
  unit: '',
  help: 'Requests that were answered 4xx before the application saw them, by what was wrong with them.',
  labels: ['reason'],
  read: ({ workers }) =>
    REFUSAL_CODES.map((reason) => ({
      labels: [['reason', reason]],
      value: workers.reduce((sum, { refused }) => sum + (refused[reason] ?? 0), 0),
    })),
};
