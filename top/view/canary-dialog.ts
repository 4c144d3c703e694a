import { duration, grouped } from '../../shared/units.js';
import { canaryRow } from '../model/canary.js';
import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import type { Dialog } from './dialog.js';
import { plural, span } from './text.js';

/** How the first worker does since it was replaced: go on with the others, or stop. */
export function canaryDialog(
  model: Model,
  { focus }: Extract<Overlay, { kind: 'canary' }>,
): Dialog {
  const { canary } = model;
  const row = canary === null ? null : canaryRow(model, canary);
  const buttons = (['stop', 'go'] as const).map((name) => {
    const label = name === 'stop' ? 'Stop' : `Go on with ${canary?.rest.length ?? 0}`;
    return focus === name ? span(`[ ${label} ]`, 'selected') : span(`  ${label}  `);
  });
  return {
    ...{ title: 'Canary: one worker is new', style: 'attention', focus: 0, footCentred: true },
    body: [...(canary === null ? [] : figures()), []],
    foot: [buttons],
  };

  function figures(): Dialog['body'] {
    if (canary === null || row === null) return [[span('the first worker is gone', 'alarm')]];
    const { worker, identity } = row;
    const requests = Math.max(0, (worker.requests ?? 0) - canary.base.requests);
    const exceptions = Math.max(0, (worker.exceptions ?? 0) - canary.base.exceptions);
    const since = duration(Math.max(0, model.now - canary.base.at) / 1000);
    return [
      [span(`worker ${identity.worker} runs as pid ${identity.pid} for ${since}`)],
      [
        span(
          exceptions === 1 ? '1 exception' : `${grouped(exceptions)} exceptions`,
          exceptions > 0 ? 'alarm' : 'normal',
        ),
        span(`, ${requests === 1 ? '1 request' : `${grouped(requests)} requests`}`),
      ],
      [span(`${plural(canary.rest.length, 'old worker')} to replace, one after the other`)],
    ];
  }
}
