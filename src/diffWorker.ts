import { parentPort } from 'node:worker_threads';
import type { EditEffect } from './protocol/effect.ts';
import { lineDiffs } from './review/fileDiff.ts';

/** Compares one edit on a thread of its own: see io/compareInWorker. */
parentPort?.once('message', (effect: EditEffect) => parentPort?.postMessage(lineDiffs(effect)));
