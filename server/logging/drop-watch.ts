import type { SinkCounts } from './sinks/sink.js';

/** A logger has begun to drop lines, or takes them again. */
export interface DropNews {
  readonly what: 'dropping' | 'dropped';
  /** Its name. */
  readonly logger: string;
  /** A sentence without its full stop. */
  readonly text: string;
}

/** Sees when loggers begin to drop lines, and when they have done with it. */
export interface DropWatch {
  /** To be called when a logger has got lines. */
  look(logger: string, counts: SinkCounts): void;
}

/** For so long a logger that takes lines again must not drop any, or it is the same spell. */
const QUIET_MS = 5000;

interface Spell {
  /** Lines that were dropped before it, and so far. */
  readonly before: number;
  dropped: number;
  /** Lines that had been written when the last one was dropped, and when that was seen. */
  written: number;
  at: number;
}

/**
 * A logger that drops now and then under load is told of once at the beginning and once at the end, with
 * the number of lines; the end is when it has written again and dropped nothing for a while.
 */
export function createDropWatch(tell: (news: DropNews) => void, clock: () => number): DropWatch {
  const spells = new Map<string, Spell>();
  const known = new Map<string, number>();
  const begin = (logger: string, { dropped, lines }: SinkCounts): void => {
    const before = known.get(logger) ?? 0;
    known.set(logger, dropped);
    if (dropped <= before) return;
    spells.set(logger, { before, dropped, written: lines, at: clock() });
    const text = `${logger} has no room or no reader: lines are dropped`;
    tell({ what: 'dropping', logger, text });
  };
  const goOn = (logger: string, spell: Spell, { dropped, lines }: SinkCounts): void => {
    if (dropped > spell.dropped) {
      Object.assign(spell, { dropped, written: lines, at: clock() });
      return;
    }
    if (lines <= spell.written || clock() < spell.at + QUIET_MS) return;
    spells.delete(logger);
    known.set(logger, dropped);
    const text = `${logger} takes lines again: ${dropped - spell.before} were dropped`;
    tell({ what: 'dropped', logger, text });
  };
  return {
    look(logger, counts) {
      const spell = spells.get(logger);
      if (spell === undefined) begin(logger, counts);
      else goOn(logger, spell, counts);
    },
  };
}
