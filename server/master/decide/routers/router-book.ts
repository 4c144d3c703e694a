import type { RouterFiguresFrame } from '../../../wire/router-frames.js';

/** What the routers have counted; totals never go back. */
export interface RouterBook {
  /** A process of a router tells what it counted since its start. */
  told(router: number, pid: number, figures: RouterFiguresFrame): void;
  /** It is gone: what it counted stays. */
  retire(pid: number): void;
  /** Over all processes of a router; what is there now is that of the living ones. */
  figures(router: number): RouterFiguresFrame;
  /** Requests that wait in all routers. */
  queued(): number;
}

export const NO_FIGURES: RouterFiguresFrame = {
  ...{ requests: 0, in_flight: 0, queued: 0, queue_max: 0, refused: {}, answered_by_router: {} },
  ...{ retries: 0, aborted: 0, rx: 0, tx: 0, upgraded: 0, connections: 0, static_requests: 0 },
  backends: [],
};

export function createRouterBook(): RouterBook {
  const bases = new Map<number, RouterFiguresFrame>();
  const living = new Map<number, { router: number; figures: RouterFiguresFrame }>();
  return {
    told: (router, pid, figures) => void living.set(pid, { router, figures }),
    retire(pid) {
      const last = living.get(pid);
      if (last === undefined) return;
      living.delete(pid);
      const { router, figures } = last;
      const backends = figures.backends.map((backend) => ({ ...backend, in_flight: 0 }));
      const now = { in_flight: 0, queued: 0, upgraded: 0, connections: 0 };
      const over = { ...figures, ...now, backends };
      bases.set(router, sum(bases.get(router) ?? NO_FIGURES, over));
    },
    figures(router) {
      const own = [...living.values()].filter((each) => each.router === router);
      const base = bases.get(router) ?? NO_FIGURES;
      return own.reduce((total, { figures }) => sum(total, figures), base);
    },
    queued: () => [...living.values()].reduce((total, { figures }) => total + figures.queued, 0),
  };
}

function sum(a: RouterFiguresFrame, b: RouterFiguresFrame): RouterFiguresFrame {
  return {
    requests: a.requests + b.requests,
    in_flight: a.in_flight + b.in_flight,
    queued: a.queued + b.queued,
    queue_max: Math.max(a.queue_max, b.queue_max),
    refused: sumByName(a.refused, b.refused),
    answered_by_router: sumByName(a.answered_by_router, b.answered_by_router),
    retries: a.retries + b.retries,
    aborted: a.aborted + b.aborted,
    rx: a.rx + b.rx,
    tx: a.tx + b.tx,
    upgraded: a.upgraded + b.upgraded,
    connections: a.connections + b.connections,
    static_requests: a.static_requests + b.static_requests,
    backends: sumByAddress(a.backends, b.backends),
  };
}

/** How a back end is, the newer of two processes says. */
function sumByAddress(a: Backends, b: Backends): Backends {
  const older = new Map(a.map((backend) => [backend.address, backend]));
  const newer = b.map((backend) => {
    const before = older.get(backend.address);
    older.delete(backend.address);
    if (before === undefined) return backend;
    const { in_flight, requests, errors } = before;
    return {
      ...backend,
      in_flight: backend.in_flight + in_flight,
      requests: backend.requests + requests,
      errors: backend.errors + errors,
    };
  });
  return [...older.values(), ...newer];
}

type Backends = RouterFiguresFrame['backends'];
type Counts = Readonly<Record<string, number>>;

function sumByName(a: Counts, b: Counts): Counts {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
