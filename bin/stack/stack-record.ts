import { existsSync, readFileSync } from 'node:fs';
import type { HomeLayout } from './home-layout.ts';
import { lockHolder } from './process-lock.ts';

/** `<home>/stack.json`: names and fields are stable, fields are added and never renamed. */
export interface StackRecord {
  /** Whether every process serves. */
  readonly ready: boolean;
  readonly home: string;
  /** The API's base address; `null` until it serves. */
  readonly api: string | null;
  readonly temporal: { readonly address: string; readonly ui: string | null; readonly source: string };
  /** The database's address, never with its password. */
  readonly postgres: string;
  readonly venues: readonly VenueRecord[];
  readonly processes: readonly ProcessRecord[];
  readonly adminKeyFile: string;
}

export interface VenueRecord {
  readonly id: string;
  readonly protocol: string;
  readonly rest: string;
  readonly ws: string;
  readonly admin: string;
}

export interface ProcessRecord {
  readonly name: string;
  /** `null` while the process is down. */
  readonly pid: number | null;
  readonly restarts: number;
  readonly ready: boolean;
}

/** The stack that runs in this home, or `null` when none does: a record whose supervisor is gone does not count. */
export function runningStack(layout: HomeLayout): StackRecord | null {
  if (lockHolder(layout.lock) === null || !existsSync(layout.stackFile)) return null;
  return JSON.parse(readFileSync(layout.stackFile, 'utf8')) as StackRecord;
}
