import { WITHOUT_ROUTER } from '../support/real-uwsgi.js';
import type { Load } from './load.js';
import { compare } from './requests.bench.js';
import { piped, proxied, routed, uwsgiRouted } from './subjects.js';

type Loads = Readonly<Record<'keepAlive' | 'close', Omit<Load, 'port'>>>;

/** CPU time a request of router and worker together, against what others put there. */
export async function measureRouter(pairs: number, loads: Loads): Promise<void> {
  if (WITHOUT_ROUTER === false) {
    for (const [kind, load] of Object.entries(loads)) {
      await compare({
        name: `router and worker, ${kind}, against the http router and a Python worker of uWSGI`,
        ...{ pairs, load, ours: routed, theirs: uwsgiRouted, aim: 0.7 },
      });
    }
  } else {
    console.log(`\nrouter and worker against uWSGI: left out, ${WITHOUT_ROUTER}`);
  }
  for (const [kind, load] of Object.entries(loads)) {
    await compare({
      name: `router and worker, ${kind}, against a proxy of undici before node:http`,
      ...{ pairs, load, ours: routed, theirs: proxied, aim: 0.8 },
    });
  }
  for (const [kind, load] of Object.entries(loads)) {
    await compare({
      name: `router and worker, ${kind}, against a pipe that reads nothing before node:http`,
      ...{ pairs, load, ours: routed, theirs: piped, aim: null },
    });
  }
}
