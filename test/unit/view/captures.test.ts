import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeDocument } from '../../../shared/decode-stats.js';
import { textReport } from '../../../top/view/text-report.js';
import { view } from '../../../top/view/view.js';
import { arrival, play, start } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import { captureNames, readCapture } from '../../support/uwsgi-captures.js';

/** Every answer of a real uWSGI that was ever captured is shown, at every usual size. */

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

describe('every captured answer of a real uWSGI', () => {
  for (const name of captureNames()) {
    test(`${name} is shown, and never as a blank table`, () => {
      const decoded = decodeDocument(readCapture(name));
      assert.ok(decoded.ok);
      const document = decoded.value;
      for (const [width, height] of SIZES) {
        // Twice, a second apart, as it is when the dashboard stays open.
        const { model } = play(start(width, height), [
          arrival(0, document),
          arrival(1000, document),
        ]);
        const text = frameText(view(model));
        for (const needle of expected(document)) {
          assert.ok(text.includes(needle), `${needle} at ${width}x${height}:\n${text}`);
        }
        assert.ok(!/NaN|undefined|Infinity|-\d+ req/.test(text), text);
      }
      const report = textReport(document, null, 120);
      for (const needle of expected(document)) assert.ok(report.includes(needle), report);
    });
  }
});

type Document = Parameters<typeof textReport>[0];

/** What must be on the screen: version and status of what runs, the vassals, or that there is nothing. */
function expected(document: Document): string[] {
  if (document.kind === 'emperor') {
    const { vassals } = document.emperor;
    const count = `Emperor, ${vassals.length} vassal${vassals.length === 1 ? '' : 's'}`;
    return [count, ...vassals.map(({ pid }) => String(pid))];
  }
  if (document.kind === 'router') {
    const { addresses, static_nodes: fixed = [], subscriptions = [] } = document.router;
    const nodes = [...fixed, ...subscriptions.flatMap((one) => one.nodes ?? [])];
    const keys = subscriptions.flatMap(({ key }) => key ?? []);
    return [...addresses, ...keys, ...nodes.flatMap((node) => node.name ?? [])];
  }
  const { workers, version = '' } = document.instance;
  if (workers.length === 0) return [version, 'no workers'];
  return [version, ...workers.filter(({ pid }) => pid > 0).map(({ status }) => status)];
}
