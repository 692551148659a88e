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
  'exits.mjs': `${HEAD}
  return ({ bar }) => {
    if (bar.index === 50) process.exit(7);
  };
} };
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
