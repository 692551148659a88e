/** Run before the tests, so that no download falls into a test's time limit. */
import { findTemporalCli } from '../../bin/stack/temporal-binary.ts';
import { findSchemathesis } from './schemathesis.ts';
import { timeSkippingServerPath } from './temporal-server.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);

await findTemporalCli(say);
say(`time-skipping test server: ${await timeSkippingServerPath()}`);
await findSchemathesis(say).catch((error: Error) => say(`schemathesis cannot be had: ${error.message}`));
