/** A URL as a person may see it. A viewer sees only scheme and host, because path and query often carry a key. */
export function shownUrl(url: string, whole: boolean): string {
  if (whole || !URL.canParse(url)) return whole ? url : ''
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/…`
}
