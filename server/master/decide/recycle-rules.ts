import type { OptionLimits } from '../../../shared/memory-stats.js';

/** When a worker is replaced although nothing is wrong with it; null where there is no limit. */
export interface RecycleRules {
  readonly maxRequests: number | null;
  /** Added once for worker 2, twice for worker 3, and so on, as in uWSGI. */
  readonly maxRequestsDelta: number;
  readonly maxLifetimeMs: number | null;
  readonly maxLifetimeDeltaMs: number;
  /** A younger process is not replaced for its requests or its memory: it would never end. */
  readonly minLifetimeMs: number;
  /** The limits of memory are bytes. */
  readonly rss: number | null;
  readonly uss: number | null;
  readonly pss: number | null;
  readonly heap: number | null;
  /** What all workers may take together before the worst of them is replaced. */
  readonly budget: number | null;
  /** Above this a process is killed at once. */
  readonly evilRss: number | null;
}

const NO_OPTION_LIMITS: OptionLimits = {
  reload_on_rss: null,
  reload_on_uss: null,
  reload_on_pss: null,
  reload_on_heap: null,
  memory_budget: null,
};

/** What the rules end a worker for, or all of them together, in bytes. */
export function optionLimits(rules: RecycleRules | undefined): OptionLimits {
  if (rules === undefined) return NO_OPTION_LIMITS;
  const rss = [rules.rss, rules.evilRss].filter((limit) => limit !== null);
  return {
    reload_on_rss: rss.length === 0 ? null : Math.min(...rss),
    reload_on_uss: rules.uss,
    reload_on_pss: rules.pss,
    reload_on_heap: rules.heap,
    memory_budget: rules.budget,
  };
}

/** What is known of a process from outside; null where it was not measured. */
export interface Measurement {
  readonly pid: number;
  /** Requests that this process answered. */
  readonly requests: number;
  /** Bytes, as the rest. */
  readonly rss: number | null;
  readonly uss: number | null;
  readonly pss: number | null;
  /** The JavaScript heap in use. */
  readonly heap: number | null;
}

const MB = 1024 * 1024;

interface Subject {
  readonly worker: number;
  readonly ageMs: number;
  readonly measured: Measurement;
}

/** A rule that a process meets. */
export interface RecycleReason {
  /** For `last_exit`. */
  readonly reason: string;
  /** What the log says when its replacement is ordered. */
  readonly line: string;
}

/**
 * Which rule a process meets; null while none. As in uWSGI a process that is younger than the least
 * lifetime is left alone whatever it uses, and only its age is looked at without that condition. The
 * age counts from its readiness.
 */
export function recycleReason(rules: RecycleRules, subject: Subject): RecycleReason | null {
  const { worker, ageMs, measured } = subject;
  const steps = worker - 1;
  const lifetime = plus(rules.maxLifetimeMs, steps * rules.maxLifetimeDeltaMs);
  if (ageMs >= lifetime) {
    const age = Math.floor(ageMs / 1000);
    const line = `worker ${worker} lifetime reached, it was running for ${age} second(s)`;
    return { reason: 'lifetime', line };
  }
  if (ageMs < rules.minLifetimeMs) return null;
  const who = `worker ${worker} (pid: ${measured.pid})`;
  const requests = plus(rules.maxRequests, steps * rules.maxRequestsDelta);
  if (measured.requests >= requests) {
    const line = `${who} has answered ${measured.requests} requests (max-requests ${requests})`;
    return { reason: 'max-requests', line: `${line}: replacing it` };
  }
  for (const kind of ['rss', 'uss', 'pss', 'heap'] as const) {
    const limit = rules[kind];
    const used = measured[kind];
    if (limit === null || used === null || used <= limit) continue;
    const line = `${who} uses ${used} bytes of ${kind} (reload-on-${kind} ${limit / MB} MB)`;
    return { reason: kind, line: `${line}: replacing it` };
  }
  return null;
}

function plus(limit: number | null, more: number): number {
  return limit === null ? Infinity : limit + more;
}
