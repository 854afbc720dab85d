/** One line about what set-up is doing; silent when there is nothing to do. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}
