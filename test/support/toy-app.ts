import { StatsError } from '../../shared/stats-error.js';
import { runApp, type AppConnection, type AppParts } from '../../top/app.js';
import type { Accepted } from '../../top/client/command-desk.js';
import type { ConnectionEvent } from '../../top/client/connection.js';
import type { Effect, Message } from '../../top/model/message.js';
import type { Session, SessionHandlers } from '../../top/terminal/session.js';
import type { Frame } from '../../top/view/frame.js';
import { createVirtualClock } from './virtual-clock.js';

/** An app whose model notes what it was told, for tests of the loop around any model. */

export interface Toy {
  readonly keys: string;
  readonly ticks: number;
  readonly size: string;
}

const effectsOf: Readonly<Record<string, readonly Effect[]>> = {
  q: [{ type: 'quit' }],
  r: [{ type: 'refresh' }],
  i: [{ type: 'interval', ms: 500 }],
  k: [{ type: 'command', id: 7, command: { name: 'reload' } }],
  l: [{ type: 'redraw' }],
  z: [{ type: 'suspend' }],
};

export function update(toy: Toy, message: Message): readonly [Toy, readonly Effect[]] {
  switch (message.type) {
    case 'key':
      return pressed(toy, message.key);
    case 'tick':
      return [{ ...toy, ticks: toy.ticks + 1 }, []];
    case 'resize':
      return [{ ...toy, size: `${message.width}x${message.height}` }, []];
    case 'paste':
      return [{ ...toy, keys: `${toy.keys}<${message.text}>` }, []];
    case 'client':
      return [{ ...toy, keys: `${toy.keys}c` }, []];
    case 'click':
    case 'wheel':
    case 'told':
      return [toy, []];
  }
}

function pressed(toy: Toy, key: string): readonly [Toy, readonly Effect[]] {
  if (key === '!') throw new Error('a bug in update');
  if (key === 'l') return [toy, effectsOf['l'] ?? []];
  return [{ ...toy, keys: toy.keys + key }, effectsOf[key] ?? []];
}

export const view = (toy: Toy): Frame => ({
  width: 80,
  height: 24,
  panels: [],
  title: `${toy.keys} ${toy.ticks} ${toy.size}`,
});

/** A connection that answers every command alike. */
export function connection(answer: Accepted | StatsError): AppConnection {
  const nothing = (): void => undefined;
  return {
    onEvent: () => nothing,
    setInterval: nothing,
    refresh: nothing,
    command: () =>
      answer instanceof StatsError ? Promise.reject(answer) : Promise.resolve(answer),
    close: nothing,
  };
}

/** An app on a screen and a connection that only write down what is asked of them. */
export function stage(more: Partial<AppParts<Toy>> = {}) {
  const clock = createVirtualClock();
  const log: string[] = [];
  const frames: { readonly at: number; readonly title: string }[] = [];
  let handlers: SessionHandlers | undefined;
  let tell: (event: ConnectionEvent) => void = () => undefined;
  const note = (text: string) => (): void => {
    log.push(text);
  };
  const session: Session = {
    size: () => ({ width: 80, height: 24 }),
    paint: ({ title }) => frames.push({ at: clock.now(), title }),
    redraw: note('redraw'),
    dress: ({ theme }) => log.push(`dress ${theme}`),
    copy: (text) => log.push(`copy ${text}`) > 0,
    suspend: note('suspend'),
    close: note('screen closed'),
  };
  const app = runApp<Toy>({
    initial: { keys: '', ticks: 0, size: '' },
    ...{ update, view, clock },
    connection: {
      onEvent(listener) {
        tell = listener;
        return () => undefined;
      },
      setInterval: (ms) => log.push(`interval ${ms}`),
      refresh: note('refresh'),
      command(command) {
        log.push(`command ${command.name}`);
        return new Promise(() => undefined);
      },
      close: note('connection closed'),
    },
    open(given) {
      handlers = given;
      return session;
    },
    ...more,
  });
  const press = (...keys: readonly string[]): void => {
    for (const key of keys) handlers?.onInput({ type: 'key', key });
  };
  const hear = (): void => {
    tell({ type: 'connecting', at: clock.now() });
  };
  const document = (): void => {
    const decoded = { kind: 'instance' as const, instance: { workers: [] }, damaged: false };
    tell({ type: 'document', at: clock.now(), transport: 'live', document: decoded });
  };
  return { app, clock, log, frames, press, hear, document, handlers: () => handlers };
}
