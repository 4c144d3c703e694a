/** How a queue is opened. */
export interface QueueSettings {
  /**
   * One task at a time, over all processes, in the order of putting in; one that failed is run again
   * before the next. All processes of a queue must be of one mind about it. Only a folder can do it.
   */
  readonly ordered: boolean;
  /** This process is there to claim tasks: it does that at once, and not by way of the thread pool. */
  readonly claims?: boolean;
  /** Refuse what is no queue yet, and leave it as it is. */
  readonly mustExist?: boolean;
}
