/** Why a `--spooler` cannot be used; null when it can. */
export function checkQueue(text: string): string | null {
  if (text.trim() === '') return 'it names no folder: write --spooler DIR';
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text.trim()) ?? [];
  if (scheme === undefined) return null;
  if (/^rediss?$/i.test(scheme)) {
    return 'a queue in Redis is not supported yet: name a folder';
  }
  return `no queue is reached by ${scheme}://: name a folder`;
}
