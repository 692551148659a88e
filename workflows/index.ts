export { execution } from './execution/workflow.ts';
