/** What is wrong, in one sentence with the numbers it rests on. */
export interface Finding {
  /** `alarm` wants a person now, `attention` a look, `notice` is only worth knowing. */
  readonly severity: 'alarm' | 'attention' | 'notice';
  readonly text: string;
  /** The same for a terminal of 20 columns. */
  readonly short: string;
}
