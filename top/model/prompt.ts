import type { Step } from './control-flow.js';
import { editedBy, type Edited, inserted, limited, partsOf } from './edited-text.js';
import type { Model, Prompt } from './model.js';
import { candidates, completed } from './prompt-completion.js';
import { runPrompt } from './prompt-commands.js';
import { oneLine } from './text-field.js';

/** Longest command, and how many are remembered. */
export const PROMPT_LIMIT = 200;
const REMEMBERED = 50;

/** Opens the line for a command. */
export function openPrompt(model: Model): Model {
  return { ...model, prompt: { text: '', back: 0, draft: '', problem: null } };
}

/** The line with something else in it, the cursor at its end if nothing else is said. */
function withPrompt(model: Model, change: Partial<Prompt>): Model {
  if (model.prompt === null) return model;
  const { text, back, draft } = model.prompt;
  return { ...model, prompt: { text, back, draft, problem: null, ...change } };
}

/** The model with another text in the line: what history showed is a draft of its own then. */
function withText(model: Model, edited: Edited): Model {
  return withPrompt(model, { ...limited(edited, PROMPT_LIMIT), back: 0 });
}

/** A key while a command is typed: Enter runs it, Esc leaves it, Tab completes, ↑ and ↓ go back. */
export function promptKey(model: Model, key: string): Step {
  const { prompt } = model;
  if (prompt === null) return [model, []];
  switch (key) {
    case 'enter':
      return entered(model, prompt.text.trim());
    case 'escape':
      return [{ ...model, prompt: null }, []];
    case 'tab':
      return [tabbed(model, prompt), []];
    case 'up':
      return [recalled(model, prompt, 1), []];
    case 'down':
      return [recalled(model, prompt, -1), []];
    case 'backspace':
      // As in vi: there is nothing left to take away but the line itself.
      if (prompt.text === '') return [{ ...model, prompt: null }, []];
  }
  const edited = editedBy(prompt, key);
  return [edited === null ? model : withText(model, edited), []];
}

/** Completes the word before the cursor. */
function tabbed(model: Model, prompt: Prompt): Model {
  const [before, behind] = partsOf(prompt);
  const text = completed(before, candidates(model, before)) + behind;
  return withText(model, { text, after: behind.length });
}

/** A paste into the line; it runs nothing. */
export function promptPaste(model: Model, text: string): Model {
  return model.prompt === null ? model : withText(model, inserted(model.prompt, oneLine(text)));
}

/** Runs what was typed. What cannot be run stays, with the reason, to be mended. */
function entered(model: Model, text: string): Step {
  if (text === '') return [{ ...model, prompt: null }, []];
  const promptLog = [...model.promptLog.filter((line) => line !== text), text].slice(-REMEMBERED);
  const ready = { ...model, prompt: null, hint: null };
  const ran = runPrompt(ready, text);
  if (!ran.ok) return [{ ...withPrompt(model, { problem: ran.error }), promptLog }, []];
  const [next, effects] = ran.value;
  return [{ ...next, promptLog }, effects];
}

/** Goes through what was run before; what was typed so far comes back at the end. */
function recalled(model: Model, { text, back, draft }: Prompt, step: 1 | -1): Model {
  const to = Math.min(model.promptLog.length, Math.max(0, back + step));
  if (to === back) return model;
  const kept = back === 0 ? text : draft;
  const line = to === 0 ? kept : (model.promptLog.at(-to) ?? '');
  return withPrompt(model, { text: line, back: to, draft: kept });
}
