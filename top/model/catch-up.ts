import type { Model } from './model.js';

/** Does what a model has put off until its picture was out. */
export function catchUp({ ring }: Model): void {
  ring.value();
}
