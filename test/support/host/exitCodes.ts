/** How a run inside the extension host can end. All but the first two say nothing about the tests themselves. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  /** The server, the browser or the page went away. */
  hostFailed: 70,
  /** VS Code reported success, but the tests did not run to their end: the extension host died. */
  noProof: 71,
  timedOut: 124,
  interrupted: 130,
} as const;
