import type { TaskState } from '../queue/admin.js';
import type { SpoolOptions } from '../spooler/spool-options.js';

/** What a spool command is asked to do; `queue` is what the user wrote. */
export type SpoolRequest = { readonly queue: string } & (
  | {
      readonly action: 'put';
      readonly name: string;
      /** JSON; `-` stands for what comes on standard input. */
      readonly payload: string;
      readonly options: Omit<SpoolOptions, 'body' | 'queue'>;
      /** A file, or `-`. */
      readonly body: string | null;
    }
  | {
      readonly action: 'list';
      /** Null: of each. */
      readonly state: TaskState | null;
      readonly most: number;
      readonly json: boolean;
    }
  | { readonly action: 'show'; readonly id: string; readonly json: boolean }
  | {
      readonly action: 'retry' | 'drop';
      /** Either ids, or all of a state. */
      readonly which: readonly string[] | TaskState;
      readonly yes: boolean;
    }
  | { readonly action: 'pause' | 'resume' }
  | { readonly action: 'counts'; readonly json: boolean }
);
