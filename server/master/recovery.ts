/** Sees to it that the tasks of dead spoolers are offered again. */
export interface Recovery {
  /** A spooler of this queue is dead. */
  ask(queue: string): void;
}

/**
 * One process a queue at a time does it, `begin`s: when many spoolers die at once, a second one takes
 * up what the first came too early for. It is a process of its own and not the master: the master
 * must neither wait for a disk, nor load the client of a database, nor read tasks as root.
 */
export function createRecovery(begin: (queue: string, onEnd: () => void) => void): Recovery {
  const underWay = new Set<string>();
  const askedAgain = new Set<string>();
  const ask = (queue: string): void => {
    if (underWay.has(queue)) {
      askedAgain.add(queue);
      return;
    }
    underWay.add(queue);
    begin(queue, () => {
      underWay.delete(queue);
      if (askedAgain.delete(queue)) ask(queue);
    });
  };
  return { ask };
}
