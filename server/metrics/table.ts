import type { Metric } from './metric.js';
import { BUILD_METRIC, INSTANCE_METRICS } from './rows/instance.js';
import { CERTIFICATE_METRIC } from './rows/certificates.js';
import { CONFIG_METRICS } from './rows/config.js';
import { LATENCY_METRIC } from './rows/latency.js';
import { LOGGER_METRICS } from './rows/loggers.js';
import { INSTANCE_MEMORY_METRICS, WORKER_MEMORY_METRICS } from './rows/memory.js';
import { APP_METRICS, CORE_METRICS } from './rows/parts.js';
import { REFUSAL_METRIC } from './rows/refusals.js';
import { ROUTER_METRICS } from './rows/routers.js';
import { SOCKET_METRICS } from './rows/sockets.js';
import { SPOOLER_METRICS } from './rows/spoolers.js';
import { STATE_METRIC, WORKER_METRICS } from './rows/workers.js';

/** Every metric, once: what `/metrics` serves and docs/metrics.md lists. */
export const METRICS: readonly Metric[] = [
  BUILD_METRIC,
  ...INSTANCE_METRICS,
  ...INSTANCE_MEMORY_METRICS,
  STATE_METRIC,
  LATENCY_METRIC,
  REFUSAL_METRIC,
  ...SOCKET_METRICS,
  ...ROUTER_METRICS,
  CERTIFICATE_METRIC,
  ...SPOOLER_METRICS,
  ...LOGGER_METRICS,
  ...CONFIG_METRICS,
  ...WORKER_METRICS,
  ...WORKER_MEMORY_METRICS,
  ...APP_METRICS,
  ...CORE_METRICS,
];
