import { formatCents, itemPrice, points } from './price.js';

const WIDTH = 32;

/** A receipt as plain text: a row for each item, then the total and the points. */
export function receipt(items) {
  const sum = total(items);
  return [
    ...items.map((item) => row(label(item), formatCents(itemPrice(item)))),
    '-'.repeat(WIDTH),
    row('Total', formatCents(sum)),
    row('Points', String(points(sum))),
  ].join('\n');
}

/** What all items cost together, in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + item.cents, 0);
}

/** Text on the left, an amount on the right. A text that is too long pushes the amount out. */
function row(left, right) {
  const space = Math.max(1, WIDTH - left.length - right.length);
  return left + ' '.repeat(space) + right;
}

/** `2 × Tea`; a single item goes without its quantity. */
function label(item) {
  if (item.quantity === 1) return item.name;
  return `${item.quantity} × ${item.name}`;
}
