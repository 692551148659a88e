// Loads the strategy of argv[2], changes the file to argv[3] and loads it again: prints titles and hashes. Its own process, because a test's
// module loader keeps what it has read of a file.
import { writeFileSync } from 'node:fs';
import { loadStrategy } from '../../../adapters/strategies/load-strategy.ts';

const [, , file, content] = process.argv as unknown as [string, string, string, string];
const first = await loadStrategy(file);
writeFileSync(file, content);
const second = await loadStrategy(file);
console.log(JSON.stringify([first, second].map(({ title, hash }) => ({ title, hash }))));
