import { writeFileSync } from 'node:fs';
import { sampleKey } from './sampleSession.ts';
import { richSession } from './richSession.ts';

// `node test/support/writeSample.ts FILE` writes the session of docs/auditing.md, so that whoever reads it can try.
const [, , file = 'sample.jsonl'] = process.argv;
writeFileSync(file, (await richSession(12)).file.text());
console.log(`The public key is ${sampleKey.publicKey}.`);
console.log(`The first epoch key is ${Buffer.alloc(32, 7).toString('base64url')}.`);
