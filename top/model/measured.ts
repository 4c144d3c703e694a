/** In real uWSGI 0 bytes mean "not measured": no process is that small. */
export function measured(bytes: number | undefined): number | null {
  return bytes === undefined || bytes === 0 ? null : bytes;
}
