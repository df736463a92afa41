/** Where the thread's program is: beside this file in source, a file of its own in the compiled binary. */
export function storageWorkerUrl(): URL {
  return new URL('./storage-worker.ts', import.meta.url)
}
