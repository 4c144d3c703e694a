import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { acceptedCodings, type Coding } from './accepted-codings.js';
import { type FileFacts, headOf, refuseFile, type StaticAnswer } from './answer.js';
import { createTypeOf, type TypeOf } from './media-types.js';
import { closeFile, type OpenFile, type Opened, openFile } from './open-file.js';
import { createPlaces, type Place } from './places.js';
import { readBody } from './read-body.js';
import { type RequestPath, readRequestPath } from './request-path.js';
import type { StaticSettings } from './settings.js';

export type { StaticAnswer } from './answer.js';
export type { StaticSettings } from './settings.js';

/** What is asked: `http.IncomingMessage` has it, in HTTP/1 and 2. */
export interface StaticRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Answers requests from files. */
export interface StaticFiles {
  /** Whether a request might be for a file, without a look at any. */
  mayHave(request: Pick<StaticRequest, 'method' | 'url'>): boolean;
  /** Null: no file is there, and the application answers. */
  find(request: StaticRequest): Promise<StaticAnswer | null>;
}

/** Null where nothing is served from files. `now` is the wall clock in milliseconds. */
export function createStatic(
  settings: StaticSettings,
  now: () => number = Date.now,
): StaticFiles | null {
  const places = createPlaces(settings);
  return places.length === 0 ? null : new Finder(settings, places, now);
}

/** A coded file and how it is coded. */
interface Variant {
  readonly file: OpenFile;
  readonly coding: Coding | null;
}

class Finder implements StaticFiles {
  readonly #settings: StaticSettings;
  readonly #places: readonly Place[];
  readonly #now: () => number;
  readonly #typeOf: TypeOf;
  readonly #expires: readonly { readonly pattern: RegExp; readonly seconds: number }[];
  readonly #compressed: readonly RegExp[];

  constructor(settings: StaticSettings, places: readonly Place[], now: () => number) {
    this.#settings = settings;
    this.#places = places;
    this.#now = now;
    this.#typeOf = createTypeOf(settings.mimeFiles.map((file) => readFileSync(file, 'utf8')));
    this.#expires = settings.expires.map(({ pattern, seconds }) => ({
      ...{ pattern: new RegExp(pattern), seconds },
    }));
    this.#compressed = settings.compressed.map((pattern) => new RegExp(pattern));
  }

  mayHave({ method, url = '' }: Pick<StaticRequest, 'method' | 'url'>): boolean {
    return (method === 'GET' || method === 'HEAD') && this.#places.some((p) => p.mayHave(url));
  }

  async find(request: StaticRequest): Promise<StaticAnswer | null> {
    const asked = this.mayHave(request) ? readRequestPath(request.url ?? '') : null;
    if (asked === null) return null;
    for (const place of this.#places) {
      const answer = await this.#findIn(place, asked, request);
      if (answer !== null) return answer;
    }
    return null;
  }

  async #findIn(
    place: Place,
    asked: RequestPath,
    request: StaticRequest,
  ): Promise<StaticAnswer | null> {
    const names = place.below(asked);
    if (names === null) return null;
    // Elsewhere than under a mount an application may have a use for such a path.
    if (asked.fault !== null) return place.isMount ? refuseFile(asked.fault) : null;
    const opened = await this.#openAt(place, [place.root.folder, ...names].join('/'), asked);
    switch (opened.kind) {
      case 'file':
        return this.#answer(place, opened, request);
      case 'folder':
        return moved(asked);
      case 'refused':
        return place.isMount ? refuseFile(opened.status) : null;
      case 'missing':
        return null;
    }
  }

  /** The file at a path, or the index of the folder there; `folder`: the index of it is there. */
  async #openAt({ root }: Place, file: string, { isFolder }: RequestPath): Promise<Opened> {
    if (this.#isSkipped(file)) return { kind: 'missing' };
    const opened = await openFile(root, file);
    if (opened.kind === 'file' && isFolder) {
      closeFile(opened);
      return { kind: 'missing' };
    }
    if (opened.kind !== 'folder') return opened;
    for (const name of this.#settings.indexes) {
      const index = path.join(file, name);
      if (this.#isSkipped(index)) continue;
      const found = await openFile(root, index);
      if (found.kind === 'file' && !isFolder) {
        closeFile(found);
        return { kind: 'folder' };
      }
      if (found.kind === 'file' || found.kind === 'refused') return found;
    }
    return { kind: 'missing' };
  }

  async #answer(place: Place, plain: OpenFile, request: StaticRequest): Promise<StaticAnswer> {
    const varies = this.#compressed.some((pattern) => pattern.test(plain.path));
    const { file, coding } = varies
      ? await variantOf(place, plain, request.headers)
      : { file: plain, coding: null };
    const { method = '', headers } = request;
    const facts: FileFacts = {
      size: Number(file.stat.size),
      mtimeNs: file.stat.mtimeNs,
      type: this.#typeOf(plain.path),
      ...{ coding, varies },
      expires: this.#expires.find(({ pattern }) => pattern.test(plain.path))?.seconds ?? null,
    };
    const { status, headers: told, range } = headOf(method, headers, facts, this.#now());
    if (range === null) {
      closeFile(file);
      return { status, headers: told, body: null };
    }
    const body = await readBody(file, range);
    return body === null ? refuseFile(500) : { status, headers: told, body };
  }

  #isSkipped(file: string): boolean {
    return this.#settings.skipped.some((ending) => file.endsWith(ending));
  }
}

/** The file beside another that has it in a coding which the client takes, or the other itself. */
async function variantOf(
  { root }: Place,
  plain: OpenFile,
  headers: IncomingHttpHeaders,
): Promise<Variant> {
  const accepted = acceptedCodings(headers['accept-encoding']?.toString());
  for (const coding of accepted) {
    const opened = await openFile(root, plain.path + coding.ending);
    if (opened.kind !== 'file') continue;
    closeFile(plain);
    return { file: opened, coding };
  }
  return { file: plain, coding: null };
}

/** A folder without its slash: links in its index would lead elsewhere. */
function moved({ raw, query }: RequestPath): StaticAnswer {
  const headers = { Location: `${raw}/${query}`, 'Content-Length': 0 };
  return { status: 301, headers, body: null };
}
