/** `1 message`, `12,345 messages`. */
export function count(amount: number, noun: string): string {
  return `${thousands(amount)} ${noun}${amount === 1 ? '' : 's'}`
}

/** Not toLocaleString: to load the rules of a language takes longer than to count. */
export function thousands(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',')
}
