/**
 * Registers our search attributes at the Temporal server of `TEMPORAL_ADDRESS`: a step of every start, and a service of its own
 * in containers. The module is loaded by its place in `dist` and not imported: the command line itself never reaches a worker.
 */
interface SearchAttributes {
  readonly registerSearchAttributes: (address: string, namespace: string) => Promise<unknown>;
}

const address = process.env['TEMPORAL_ADDRESS'];
if (!address) throw new Error('TEMPORAL_ADDRESS is not set: give host:port of the Temporal server');
const place = new URL('../../workers/search-attributes.js', import.meta.url).href;
const { registerSearchAttributes } = (await import(place)) as SearchAttributes;
await registerSearchAttributes(address, process.env['TEMPORAL_NAMESPACE'] || 'default');
