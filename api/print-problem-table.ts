import { problemTable } from './problem-table.ts';

process.stdout.write(problemTable());
