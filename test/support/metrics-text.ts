import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TestServer } from './server.js';

export interface Scrape {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks the stats port of a server for a page. */
export async function ask(
  server: TestServer,
  path: string,
  settings: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Scrape> {
  const port = await server.statsPort();
  const asked = request({ host: '127.0.0.1', port, path, agent: false, ...settings }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Every sample of a text by its name and labels. */
export function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** Every sample that may only grow: of counters and of histograms. */
export function growing(text: string): [string, number][] {
  return [...samples(text)].filter(([series]) => /_(total|bucket|sum|count)(\{|$)/.test(series));
}

/** Whether Prometheus' own programs are here; CI installs them. */
export const prometheusSkip =
  spawnSync('promtool', ['--version']).status === 0 &&
  spawnSync('prometheus', ['--version']).status === 0
    ? false
    : 'needs the package prometheus';

/** Runs promtool and gives its exit code with all it said. */
export function promtool(args: readonly string[], input = ''): { code: number; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { code: status ?? -1, output: `${stdout}${stderr}` };
}
