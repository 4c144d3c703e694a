import type { MemoryDocument } from '../../shared/memory/history.js';
import { readiness } from '../health/readiness.js';
import { CONTENT_TYPES } from '../metrics/exposition.js';
import { chooseFormat } from '../metrics/negotiate.js';
import { type Answer, content, text } from './answer.js';
import type { Snapshot } from './snapshot.js';

/** What pages are made of; each part is asked for only when it is served. */
export interface PageSource {
  readonly newest: () => Snapshot;
  readonly memory?: (() => MemoryDocument) | undefined;
  /** Whether the instance was told to end. */
  readonly isStopping: () => boolean;
}

/** Makes a page; `accept` is the field of the request. */
export type Page = (source: PageSource, accept: string | undefined) => Answer;

const stats: Page = ({ newest }) => content('application/json', newest().bytes());

const metrics: Page = ({ newest }, accept) => {
  const format = chooseFormat(accept);
  const answer = content(CONTENT_TYPES[format], newest().metrics(format));
  return { ...answer, headers: { ...answer.headers, Vary: 'Accept' } };
};

const memory: Page = ({ memory: make }) =>
  make === undefined
    ? text(404, 'This server keeps no history of its memory.')
    : content('application/json', Buffer.from(`${JSON.stringify(make())}\n`));

/** The master answers, and so it lives. */
const alive: Page = () => text(200, 'ok');

const ready: Page = ({ newest, isStopping }) => {
  const { ready: isReady, line } = readiness(newest().document, isStopping());
  return text(isReady ? 200 : 503, line);
};

/** What GET and HEAD find on the stats port, by path. */
export const PAGES: ReadonlyMap<string, Page> = new Map([
  ['/', stats],
  ['/stats', stats],
  ['/metrics', metrics],
  ['/memory', memory],
  ['/healthz', alive],
  ['/readyz', ready],
]);
