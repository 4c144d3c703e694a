import { type Freshness, freshness } from './connection.js';
import type { Model } from './model.js';

/** How fresh the picture is, or that it is one of the past, so many milliseconds old. */
export type Currency = Freshness | { readonly kind: 'past'; readonly age: number };

/** How fresh the shown document is. */
export function modelFreshness(model: Model): Currency {
  if (model.past !== null) {
    return { kind: 'past', age: Math.max(0, model.now - (model.shown?.at ?? model.now)) };
  }
  return freshness(model.connection, {
    now: model.now,
    documentAt: model.shown?.at ?? null,
    intervalMs: model.intervalMs,
  });
}

/**
 * Whether the numbers claim to be of now and may not be. Those of the past claim nothing: the header
 * says of when they are.
 */
export function isOutdated(model: Model): boolean {
  const { kind } = modelFreshness(model);
  return kind !== 'live' && kind !== 'past';
}

/**
 * The server's clock when it made the shown document, seconds since 1970. tsuwsgi says it; for
 * uWSGI it is our own clock at the arrival; null before the first tick.
 */
export function documentTime(model: Model): number | null {
  if (model.shown === null) return null;
  const { document, at } = model.shown;
  if (document.kind === 'instance' && document.instance.time !== undefined) {
    return document.instance.time;
  }
  return model.wallMs === null ? null : (model.wallMs - (model.now - at)) / 1000;
}

/** The server's clock now, as far as it is known: that of the shown document, and what passed since. */
export function serverTime(model: Model): number | null {
  const shown = documentTime(model);
  if (shown !== null && model.shown !== null) return shown + (model.now - model.shown.at) / 1000;
  return model.wallMs === null ? null : model.wallMs / 1000;
}
