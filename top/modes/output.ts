/** Where a mode without a screen writes to: stdout, or a test's own. */
export interface Output {
  /** False: the reader is slow, and nothing more should be written before it has caught up. */
  write(text: string): boolean;
  /** Calls once, when the reader has caught up. */
  onDrain(call: () => void): void;
  /** Calls once, when the reader has gone. */
  onGone(call: () => void): void;
}

/** The standard output of this process. */
export const standardOutput: Output = {
  write: (text) => process.stdout.write(text),
  onDrain(call) {
    process.stdout.once('drain', call);
  },
  onGone(call) {
    process.stdout.once('error', call);
  },
};
