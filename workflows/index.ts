export { backtest } from './backtest/workflow.ts';
export { download } from './download/workflow.ts';
export { execution } from './execution/workflow.ts';
export { optimization } from './optimization/workflow.ts';
