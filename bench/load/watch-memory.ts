const EVERY_MS = 15_000

/** As the server itself tells it. */
export async function readRssMb(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, {headers: {authorization: `Bearer ${token}`}})
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(await response.text())?.[1]
  return Math.round(Number(bytes) / 1_000_000)
}

/** Looks now and then; `stop` gives what was seen. */
export function watchMemory(url: string, token: string): {stop(): number[]} {
  const seen: number[] = []
  const look = () =>
    void readRssMb(url, token).then(
      (megabytes) => seen.push(megabytes),
      () => undefined,
    )
  look()
  const timer = setInterval(look, EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return seen
    },
  }
}
