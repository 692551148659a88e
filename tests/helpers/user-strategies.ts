import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEAD = `export default { id: 'own', title: 'Own', params: [], prepare: (lines) => {`;

/** Strategies as users write them, well or badly. */
const FILES = {
  /** Buys and sells by turns, every ten bars. */
  'turns.mjs': `${HEAD}
  return (context) => {
    const { index } = context.bar;
    if (index % 20 === 0) context.buy();
    else if (index % 20 === 10) context.close();
  };
} };
`,
  /** Line 4 of it throws at bar 50. */
  'throws.mjs': `${HEAD}
  const levels = {};
  return ({ bar }) => {
    if (bar.index === 50) levels.missing.price += 1;
  };
} };
`,
  'endless.mjs': `${HEAD}
  return ({ bar }) => {
    while (bar.index === 50);
  };
} };
`,
  'hoards.mjs': `${HEAD}
  const kept = [];
  return () => {
    for (let i = 0; i < 100000; i++) kept.push({ i, text: 'x' + i });
  };
} };
`,
  /** Memory outside of the heap, without an end in one bar. */
  'buffers.mjs': `${HEAD}
  const kept = [];
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return ({ bar }) => {
    while (bar.index === 50) {
      kept.push(Buffer.alloc(2 ** 22, 1));
      Atomics.wait(pause, 0, 0, 1);
    }
  };
} };
`,
  /** The same, a little at each bar. */
  'buffers-by-bar.mjs': `${HEAD}
  const kept = [];
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return () => {
    kept.push(new Float64Array(2 ** 17).fill(1));
    Atomics.wait(pause, 0, 0, 2);
  };
} };
`,
  'exits.mjs': `${HEAD}
  return ({ bar }) => {
    if (bar.index === 50) process.exit(7);
  };
} };
`,
  'kills.mjs': `${HEAD}
  return ({ bar }) => {
    if (bar.index === 50) process.kill(process.pid, 'SIGKILL');
  };
} };
`,
  /** Ends the whole process in a way that no thread can be kept from. */
  'kills-by-shell.mjs': `import { execSync } from 'node:child_process';
${HEAD}
  return ({ bar }) => {
    if (bar.index === 50) execSync('kill -9 ' + process.pid);
  };
} };
`,
  'async.mjs': `${HEAD}
  return async (context) => {
    await null;
    context.buy();
  };
} };
`,
  /** Line 4 of it rejects a promise that nobody waits for. */
  'rejects.mjs': `${HEAD}
  const priceOf = async (index) => {
    await null;
    if (index === 50) throw new Error('no such price');
  };
  return ({ bar }) => {
    void priceOf(bar.index);
  };
} };
`,
  'typo.mjs': `${HEAD}
  return (context) => {
    context.buy({ stoploss: 1 });
  };
} };
`,
  'sleeps.mjs': `import { execSync } from 'node:child_process';
execSync('sleep 8 && touch slept', { cwd: import.meta.dirname });
export default {};
`,
  'endless-import.mjs': `for (;;);
export default {};
`,
  'nothing.mjs': `export const strategy = 1;
`,
} as const;

export type UserStrategy = keyof typeof FILES;

/** Writes one of them to a folder and gives its path. */
export function writeStrategy(folder: string, name: UserStrategy): string {
  const path = join(folder, name);
  writeFileSync(path, FILES[name]);
  return path;
}

/** A strategy that trades like `turns.mjs` and, until the file `gate` exists, waits at each bar from the hundredth on. */
export function writeGatedStrategy(folder: string, gate: string): string {
  const path = join(folder, 'gated.mjs');
  const code = `import { existsSync } from 'node:fs';
const pause = new Int32Array(new SharedArrayBuffer(4));
let open = false;
${HEAD}
  return (context) => {
    const { index } = context.bar;
    if (index >= 100 && !open) {
      open = existsSync(${JSON.stringify(gate)});
      if (!open) Atomics.wait(pause, 0, 0, 50);
    }
    if (index % 20 === 0) context.buy();
    else if (index % 20 === 10) context.close();
  };
} };
`;
  writeFileSync(path, code);
  return path;
}
