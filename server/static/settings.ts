/** One place that files are served from. */
export interface StaticMap {
  /** A path without a slash at its end; empty for the whole server. */
  readonly mount: string;
  /** An absolute path: a folder, or the one file that is at the mount. */
  readonly folder: string;
  /** Whether the mount is part of the path below the folder (`--static-map2`). */
  readonly keepsMount: boolean;
}

/** For how long files, whose path matches an expression, need not be asked for again. */
export interface Expiry {
  /** The source of a regular expression, without flags. */
  readonly pattern: string;
  readonly seconds: number;
}

/** What is served from files, as plain data: the master hands it on to workers and routers. */
export interface StaticSettings {
  readonly maps: readonly StaticMap[];
  /** Folders in which every request is looked for first (`--check-static`). */
  readonly checked: readonly string[];
  /** What a request for a folder gets, in this order. */
  readonly indexes: readonly string[];
  readonly expires: readonly Expiry[];
  /** Files whose path matches one of these may lie there compressed, as `.br` and `.gz`. */
  readonly compressed: readonly string[];
  /** Endings of names that the application answers for. */
  readonly skipped: readonly string[];
  /** Folders into which symbolic links may lead. */
  readonly safe: readonly string[];
  /** Files in the form of `/etc/mime.types`. */
  readonly mimeFiles: readonly string[];
}
