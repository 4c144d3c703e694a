import http from 'node:http';

/** Requests that are sent one after the other while this is in use. */
export interface SteadyRequests extends Disposable {
  readonly answered: number;
}

/** Sends so many requests to `url` each second, over connections that stay. */
export function steadyRequests(url: string, perSecond: number): SteadyRequests {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  let answered = 0;
  const timer = setInterval(() => {
    http
      .get(url, { agent }, (response) => {
        response.resume().once('end', () => answered++);
      })
      .on('error', () => undefined);
  }, 1000 / perSecond);
  return {
    get answered() {
      return answered;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}
