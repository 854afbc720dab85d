import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auditFigures, mutationFigures } from './auditFigures.ts';
import { checkFigures, verdictFigures } from './checkFigures.ts';
import { printFigure } from './figure.ts';
import { hostFigures } from './hostFigures.ts';
import { loadTimes } from './loadTime.ts';
import { sandboxFigures } from './sandbox.ts';
import { turnFigures } from './turns.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const [headless = '', ...only] = process.argv.slice(2);
const wanted = (part: string) => only.length === 0 || only.includes(part);

if (wanted('sizes')) {
  const budgets = {
    'dist/extension.js': 40 * 1024,
    'dist/agent.js': undefined,
    'dist/cli.js': undefined,
    'dist/plots.js': undefined,
    'dist/webview/chat.js': undefined,
    'dist/webview/review.js': undefined,
    'warrant.vsix': 1_500_000,
  };
  for (const [file, budget] of Object.entries(budgets)) {
    const value = statSync(`${repository}${file}`).size;
    printFigure({
      figure: `size of ${file}`,
      value,
      unit: 'bytes',
      ...(budget === undefined ? {} : { budget }),
    });
  }
}
if (wanted('load')) loadTimes(`${repository}dist`).forEach(printFigure);
if (wanted('turns')) (await turnFigures(headless)).forEach(printFigure);
if (wanted('host')) (await hostFigures()).forEach(printFigure);
if (wanted('sandbox')) (await sandboxFigures()).forEach(printFigure);
if (wanted('check')) (await checkFigures(`${repository}dist/cli.js`)).forEach(printFigure);
if (wanted('verdicts')) (await verdictFigures()).forEach(printFigure);
if (wanted('audit')) (await auditFigures()).forEach(printFigure);
if (wanted('mutations')) (await mutationFigures()).forEach(printFigure);
