/** What the arbiter needs to know of the spoolers that are wanted. */
export interface SpoolerSettings {
  /** How many queues there are. */
  readonly queues: number;
  /** How many processes each has. */
  readonly processes: number;
  /** How long a spooler may drain. */
  readonly mercyMs: number;
  /** How long one may take to load its tasks. */
  readonly bootMs: number;
}
