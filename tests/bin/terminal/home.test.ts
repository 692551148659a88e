import { describe, expect, it } from '@jest/globals';
import { join, resolve } from 'node:path';
import { projectRoot, resolveHome } from '../../../bin/terminal/home.ts';

describe('resolveHome', () => {
  it('takes the option before the environment', () => {
    expect(resolveHome('/a', { TRADEWIND_HOME: '/b' })).toBe('/a');
  });

  it('takes the environment before the project', () => {
    expect(resolveHome(undefined, { TRADEWIND_HOME: '/b' })).toBe('/b');
  });

  it('is .tradewind in the project when nothing is said, or said empty', () => {
    expect(resolveHome(undefined, { TRADEWIND_HOME: '' })).toBe(join(projectRoot(), '.tradewind'));
  });

  it('makes a relative folder absolute', () => {
    expect(resolveHome('h', {})).toBe(resolve('h'));
  });
});
