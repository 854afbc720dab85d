import { expect, it } from 'vitest';
import { EVERYDAY_COMMANDS } from './everydayCommands.ts';
import { policy, running } from './policyCases.ts';

it('of what people run all day, nine of ten lines and more are understood', () => {
  const on = policy({ 'commands.enabled': true });
  const unclear = EVERYDAY_COMMANDS.filter(([, , line]) => !on.useOf(running(line)).understood);
  expect(EVERYDAY_COMMANDS.length).toBeGreaterThan(200);
  expect(unclear.length / EVERYDAY_COMMANDS.length).toBeLessThan(0.1);
});
