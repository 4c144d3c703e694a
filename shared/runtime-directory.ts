/** The part of the environment that names the runtime directory. */
export interface RuntimeEnvironment {
  readonly XDG_RUNTIME_DIR?: string | undefined;
}

/**
 * The folder of a user's key files, `<boot id>.key`: `$XDG_RUNTIME_DIR/tsuwsgi`, else a folder of
 * its own in /tmp. The server writes there and the dashboard looks there, each in its own user's.
 * A relative `XDG_RUNTIME_DIR` is ignored, as the XDG base directory specification asks.
 */
export function runtimeDirectory(env: RuntimeEnvironment, uid: number): string {
  const base = env.XDG_RUNTIME_DIR ?? '';
  if (!base.startsWith('/')) return `/tmp/tsuwsgi-${uid}`;
  return `${base.replace(/\/+$/, '')}/tsuwsgi`;
}
