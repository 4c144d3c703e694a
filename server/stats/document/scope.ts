import type { HarakiriRecord } from '../../../shared/stats.js';
import { redactor } from './redact.js';

/** What the options leave of the document. */
export interface Scope {
  /** False under `--stats-no-cores`. */
  readonly cores: boolean;
  /** False under `--stats-no-vars`. */
  readonly vars: boolean;
  /** A request's URI as it may be shown. */
  readonly uri: (uri: string) => string;
}

/** As the options say: `redact` are names of `--stats-redact`. */
export function scopeOf(options: {
  readonly noCores: boolean;
  readonly noVars: boolean;
  readonly redact: readonly string[];
}): Scope {
  return {
    cores: !options.noCores,
    vars: !options.noVars,
    uri: options.noVars ? () => '' : redactor(options.redact),
  };
}

/** A record as it may be shown. */
export function shownRecord(record: HarakiriRecord, { uri }: Scope): HarakiriRecord {
  const shown = uri(record.uri);
  return shown === record.uri ? record : { ...record, uri: shown };
}
