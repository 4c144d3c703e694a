/** Numbers for people, short and of a known width. Every function takes the base unit its name says. */

/** Bytes with at most four characters: `999`, `1.2K`, `118M`, `1.2G`, `3.4T`. Powers of 1,024. */
export function bytes(value: number): string {
  return scaled(value, 1024, ['', 'K', 'M', 'G', 'T', 'P']);
}

/** A count with at most four characters: `999`, `1.2k`, `104k`, `1.2M`. Powers of 1,000. */
export function count(value: number): string {
  return scaled(value, 1000, ['', 'k', 'M', 'G', 'T', 'P']);
}

function scaled(value: number, base: number, suffixes: readonly string[]): string {
  let rest = value;
  let step = 0;
  while (step < suffixes.length - 1 && Math.round(rest) >= (step === 0 ? base : 1000)) {
    rest /= base;
    step++;
  }
  const suffix = suffixes[step] ?? '';
  if (step === 0) return Math.round(rest).toString();
  return (rest < 9.95 ? rest.toFixed(1) : Math.round(rest).toString()) + suffix;
}

/** A count with separators: `1,284`. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A duration in seconds with two units: `4s`, `3m12s`, `5h02m`, `3d04h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => value.toString().padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`;
}

/** Microseconds as milliseconds, with as many decimals as are worth reading: `0.42`, `4.2`, `61`. */
export function millis(micros: number): string {
  const value = micros / 1000;
  if (value < 0.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return grouped(value);
}
