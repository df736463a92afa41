export type DatabaseMode = DatabaseLocation['mode']

/** Where the memory is kept. */
export type DatabaseLocation =
  | {mode: 'file'; path: string}
  | {mode: 'remote'; url: string; authToken?: string}
  | {mode: 'replica'; path: string; url: string; authToken?: string}

/** The file's path, or the address without its token: for people, logs and errors. */
export function placeOf(location: DatabaseLocation): string {
  return location.mode === 'remote' ? location.url : location.path
}
