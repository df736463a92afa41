import {closeSync, fsyncSync, openSync} from 'node:fs'

/** On the disk, not only on its way there: of a folder, that its names are. */
export function flushToDisk(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
