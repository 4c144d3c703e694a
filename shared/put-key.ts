import type { Json } from './delta.js';

/** Gives an object a value under any name: one that the language gives a meaning is one like any other. */
export function putKey(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else {
    const how = { enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, { value, ...how });
  }
}
