/** Gives an object a value under any name: one that the language gives a meaning is one like any other. */
export function putKey<T>(object: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') object[key] = value;
  else {
    const how = { enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, { value, ...how });
  }
}
