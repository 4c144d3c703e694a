import { parseQuantity } from '../../shared/quantities.js';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from './problems/values.js';

/** One `--harakiri-route`: requests whose path and query match it have a time limit of their own. */
export interface HarakiriRoute {
  /** The source of a regular expression, without flags. */
  readonly pattern: string;
  /** 0: no limit. */
  readonly ms: number;
}

/**
 * Reads `REGEXP=SECONDS`. The last `=` divides, so that an expression may hold others. The error is
 * one sentence that names the value.
 */
export function parseHarakiriRoute(text: string): Result<HarakiriRoute, Problem> {
  const equals = text.lastIndexOf('=');
  const pattern = text.slice(0, Math.max(0, equals)).trim();
  const number = text.slice(equals + 1).trim();
  if (pattern === '') return err(SYNTAX_PROBLEMS.noRoute(text));
  const seconds = parseQuantity(number, { unit: 's', whole: false });
  if (!seconds.ok || seconds.value < 0) {
    return err(SYNTAX_PROBLEMS.routeSeconds(text, number));
  }
  try {
    new RegExp(pattern);
  } catch (error) {
    return err(SYNTAX_PROBLEMS.noExpression(text, messageOf(error)));
  }
  return ok({ pattern, ms: seconds.value * 1000 });
}

/** Reads a list of them, of which each was checked when the options were read. */
export function harakiriRoutes(texts: readonly string[]): HarakiriRoute[] {
  return texts.flatMap((text) => {
    const route = parseHarakiriRoute(text);
    return route.ok ? [route.value] : [];
  });
}

/** Why a `--harakiri-route` cannot be used; null when it can. */
export function checkHarakiriRoute(text: string): Problem | null {
  const route = parseHarakiriRoute(text);
  return route.ok ? null : route.error;
}

/** A worker that has nothing new to tell is heard of once a second. */
const SHORTEST_STALL_S = 2;

/** Why a `--worker-stall` cannot be used; null when it can. */
export function checkWorkerStall(text: string): Problem | null {
  const seconds = Number(text);
  if (seconds === 0 || seconds >= SHORTEST_STALL_S) return null;
  return SYNTAX_PROBLEMS.stallTooShort(text, SHORTEST_STALL_S);
}
