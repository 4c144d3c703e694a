import { bytes, millis } from '../../shared/units.js';
import type { Model } from '../model/model.js';
import type { WorkerRow } from '../model/rows.js';
import type { Series } from '../model/series.js';
import { type Figure, workerSeries } from '../model/worker-history.js';
import { BYTES, type Chart, RATES, short, styled, WAITS } from './chart.js';
import { rate } from './columns.js';

/** The charts of one worker, as many as stand well side by side. */
export function workerCharts(model: Model, { worker }: WorkerRow): readonly Chart[] {
  const { byWorker, times } = model.history;
  const of = (figure: Figure): Series => workerSeries(byWorker, worker.id, figure, times.length);
  const ms = (value: number): string => (value < 9.95 ? value.toFixed(1) : rate(value));
  const requests: Chart = {
    ...{ id: 'worker-requests', title: 'requests/s', values: of('rps'), format: rate },
    ...{ ...RATES, style: styled(model, 'work') },
  };
  const latency: Chart = {
    ...{ id: 'worker-latency', title: 'avg ms', values: of('average'), format: millis },
    ...{ ...WAITS, style: styled(model, 'measure'), least: 1000 },
    mark: (micros) => short(micros / 1000),
    beside: worker.latency === undefined ? [] : [['p99', of('p99')]],
  };
  const memory: Chart = {
    ...{ id: 'worker-memory', title: 'rss', values: of('rss'), format: bytes },
    ...{ ...BYTES, style: styled(model, 'measure') },
    beside: worker.pss === undefined ? [] : [['pss', of('pss')]],
  };
  if (worker.loop_delay_ms === undefined) return [requests, latency, memory];
  const loop: Chart = {
    ...{ id: 'worker-loop', title: 'loop late ms', values: of('delay'), format: ms },
    ...{ ...WAITS, style: styled(model, 'attention'), least: 10 },
  };
  const cpu: Chart = {
    ...{ id: 'worker-cpu', title: 'cpu %', values: of('cpu'), format: rate },
    ...{ ...RATES, style: styled(model, 'work'), least: 100 },
  };
  if (model.width < 100) return [requests, latency, memory];
  if (model.width < 180) return [requests, latency, memory, loop];
  return [requests, latency, memory, loop, cpu];
}
