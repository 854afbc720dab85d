/** Money is counted in whole cents, so that sums stay exact. */

/** `1234` becomes `12.34 €`. */
export function formatCents(cents) {
  return `${(cents / 100).toFixed(2)} €`;
}

/** What an item costs: its price times the quantity, less a discount in percent. */
export function itemPrice({ cents, quantity, discount = 0 }) {
  const full = cents * quantity;
  return full - full * discount;
}

/** The larger the sum, the more is given back: one point for each full euro. */
export function points(cents) {
  return Math.floor(cents / 100);
}
