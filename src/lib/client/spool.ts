import type {WireMessage} from './wire-message.ts'

/** Messages on disk, so that they survive the process. Everything is synchronous: what is put down is there. */
export interface Spool {
  /** Gives the name to remove it by; undefined when it could not be put down, of which the spool has warned. */
  put(message: WireMessage): string | undefined
  remove(name: string): void
  /** What lies there, oldest first, without those that are named; at most `max`. */
  read(except: ReadonlySet<string>, max: number): {name: string; message: WireMessage}[]
}
