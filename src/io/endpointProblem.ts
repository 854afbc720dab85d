/**
 * Why nothing may be sent to this base URL, in one sentence; undefined when it is fine. A key and a workspace's text
 * go there, so it must be https, and plain http only on this machine.
 */
export function endpointProblem(baseUrl: string): string | undefined {
  const url = URL.parse(baseUrl);
  if (url === null) return said('is not a URL');
  if (url.username !== '' || url.password !== '') return said('holds a user name or a password');
  if (url.search !== '' || baseUrl.includes('?')) return said('holds a query');
  if (url.hash !== '' || baseUrl.includes('#')) return said('holds a fragment');
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return said('is neither https nor http');
  if (isLoopback(url.hostname)) return undefined;
  return said('is http on another machine, where anyone on the way could read it');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function said(what: string): string {
  return `The base URL ${what}; nothing was sent; set warrant.model.baseUrl to an https address, or to http on this machine.`;
}
