/** Runs `act` only for what a person did: an event that a script made up counts for nothing. */
export function trusted<Kind extends Event>(act: (event: Kind) => void): (event: Kind) => void {
  return (event) => {
    if (event.isTrusted) act(event);
  };
}
