/** By this a credential finds its server: scheme and host in lower case, no default port, no slash at the end. */
export function normalizeMcpUrl(text: string): string {
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${url.search}`
}
