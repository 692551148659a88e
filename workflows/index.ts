export { backtest } from './backtest/workflow.ts';
export { download } from './download/workflow.ts';
export { execution } from './execution/workflow.ts';
export { janitor } from './janitor/workflow.ts';
export { optimization } from './optimization/workflow.ts';
export { session } from './session/workflow.ts';
export { streams } from './streams/workflow.ts';
