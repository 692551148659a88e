import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { timeSkippingServerPath } from './temporal-server.ts';
import { workflowBundlePath } from './workflow-bundle.ts';

/** A Temporal server whose time runs as fast as workflows let it, and the bundle of ours. */
export interface TimeSkipping {
  readonly environment: TestWorkflowEnvironment;
  /** Path of the bundle, for a worker's `workflowBundle`. */
  readonly codePath: string;
}

/** `temporal.api.enums.v1.IndexedValueType`, keyword. */
const KEYWORD = 2;

/** Starts the time-skipping test server with our search attributes, logs errors only. Once for each test file; end it with `environment.teardown()`. */
export async function startTimeSkipping(): Promise<TimeSkipping> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
  const path = await timeSkippingServerPath();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  // This server can add search attributes and cannot list them.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map(({ name }) => [name, KEYWORD])),
  });
  return { environment, codePath: await workflowBundlePath() };
}
