import type { Duplex } from 'node:stream';

type Fields = Readonly<Record<string, string>>;

const NOTHING: Fields = {};

/** For those that something is said on. */
const said = new WeakMap<object, Fields>();

/** From now on every answer that this process gives itself on a connection has these fields. */
export function sayOnEachAnswer(connection: Duplex, fields: Fields): void {
  said.set(connection, fields);
}

/** What every answer on a connection has that is given here. */
export function saidOnEachAnswer(connection: Duplex | null): Fields {
  return connection === null ? NOTHING : (said.get(connection) ?? NOTHING);
}
