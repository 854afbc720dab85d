import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCents, itemPrice, points } from '../src/price.js';
import { receipt, total } from '../src/receipt.js';

const bread = { name: 'Bread', cents: 480, quantity: 1 };
const tea = { name: 'Tea', cents: 350, quantity: 2, discount: 10 };

test('cents are written as euros', () => {
  assert.equal(formatCents(1234), '12.34 €');
  assert.equal(formatCents(5), '0.05 €');
});

test('an item costs its price times the quantity', () => {
  assert.equal(itemPrice({ cents: 350, quantity: 2 }), 700);
});

test('each full euro gives a point', () => {
  assert.equal(points(1199), 11);
});

test('a receipt has a row for each item and ends with the points', () => {
  const rows = receipt([bread]).split('\n');
  assert.equal(rows.length, 4);
  assert.match(rows[0], /^Bread +4\.80 €$/);
  assert.match(rows[3], /^Points +4$/);
});

test('quantities and discounts are part of the total', () => {
  assert.equal(itemPrice(tea), 630);
  assert.equal(total([bread, tea]), 1110);
  assert.match(receipt([bread, tea]), /^Total +11\.10 €$/m);
});
