import { serveApiPage } from '../../../api/openapi-page.ts';
import { startFakeApi } from './platform.ts';

// A process of its own: the packages behind the page do not load under the test runner on Node 20.
const { app } = await startFakeApi();
await serveApiPage(app);
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.stdin.on('end', () => void app.close()).resume();
