import path from 'node:path';
import type { RequestPath } from './request-path.js';
import { createRoot, type Root } from './root.js';
import type { StaticSettings } from './settings.js';

/** A folder with the requests that it is asked for. */
export interface Place {
  readonly root: Root;
  /** Whether what is under its mount is files only: what cannot be a file there is refused. */
  readonly isMount: boolean;
  /** The names below the root that a path stands for; null when it is not under the mount. */
  below(path: RequestPath): readonly string[] | null;
  /** Whether a target might be under the mount, by its first characters. */
  mayHave(url: string): boolean;
}

/** The places in the order in which they are looked at. */
export function createPlaces({ maps, checked, safe }: StaticSettings): readonly Place[] {
  return [
    ...maps.map(({ mount, folder, keepsMount }) =>
      // The mount's own folder, and not the one it lies in, is where links must stay.
      createMount(mount, createRoot(keepsMount ? path.join(folder, mount) : folder, safe)),
    ),
    ...checked.map((folder): Place => ({
      root: createRoot(folder, safe),
      isMount: false,
      below: ({ segments }) => segments,
      mayHave: () => true,
    })),
  ];
}

function createMount(mount: string, root: Root): Place {
  const names = mount.split('/').slice(1);
  return {
    root,
    isMount: true,
    below({ segments }) {
      // Segments are compared and not characters: /static has nothing to do with /staticfoo.
      if (!names.every((name, index) => segments[index] === name)) return null;
      return segments.slice(names.length);
    },
    // A percent sign may stand in for a character of the mount.
    mayHave: (url) => url.startsWith(mount) || url.includes('%') || !url.startsWith('/'),
  };
}
