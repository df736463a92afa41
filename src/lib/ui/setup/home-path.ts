import {safeLine} from '../text/safe-text.ts'

/** A path as people write it: what lies in their home begins with ~. */
export function homePath(path: string, home: string): string {
  const isBelow = path === home || path.startsWith(`${home.replace(/\/$/, '')}/`)
  return safeLine(isBelow && home !== '' ? `~${path.slice(home.replace(/\/$/, '').length)}` : path)
}
