import http from 'node:http';

/** What visitors of catserve do: mostly look at cats, now and then wait or order a painting, rarely break something. */
const ROUTES: readonly (readonly [string, number])[] = [
  ['/', 20],
  ['/cats/suki/paint', 0.5],
  ['/cats', 30],
  ['/health', 40],
  ['/slow?s=0.2', 6],
  ['/slow?s=2', 2],
  ['/block?s=0.05', 1],
  ['/throw', 0.3],
];

const WEIGHT = ROUTES.reduce((sum, [, weight]) => sum + weight, 0);
const CLIENTS = 6;
/** Pauses between the requests of one client: enough to see something, too little to warm a room. */
const PAUSE_MS = { least: 10, most: 90 };
/** After this many answers a report has something to say. */
const SETTLED = 60;

export interface Traffic {
  /** Settles when enough was answered for a report. */
  readonly settled: Promise<void>;
  stop(): void;
}

/** Sends a little traffic until it is stopped; what fails is the server's to show. */
export function startTraffic(url: string): Traffic {
  const agent = new http.Agent({ keepAlive: true });
  let isRunning = true;
  let answers = 0;
  let settle: () => void = () => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  // Every other visit is a connection of its own: kept-alive ones stay with the worker they met.
  const visit = (): void => {
    const target = route(Math.random() * WEIGHT);
    const options = {
      method: target.endsWith('/paint') ? 'POST' : 'GET',
      agent: Math.random() < 0.5 ? agent : false,
    };
    const request = http.request(url + target, options, (response) => {
      response.resume();
      response.on('close', next);
    });
    request.on('error', next).end();
  };
  const next = (): void => {
    if (++answers === SETTLED) settle();
    if (!isRunning) return;
    const { least, most } = PAUSE_MS;
    setTimeout(visit, least + Math.random() * (most - least)).unref();
  };
  for (let client = 0; client < CLIENTS; client++) visit();
  return {
    settled,
    stop() {
      isRunning = false;
      agent.destroy();
    },
  };
}

function route(at: number): string {
  let rest = at;
  for (const [path, weight] of ROUTES) {
    rest -= weight;
    if (rest < 0) return path;
  }
  return '/';
}
