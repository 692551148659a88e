import { runProgram } from '../../bin/program.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process and keeps what it writes. */
export async function tradewind(...args: readonly string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const originals = streams.map((name) => process[name].write.bind(process[name]));
  for (const name of streams) {
    process[name].write = ((chunk: string) => {
      written[name] += chunk;
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    return { exitCode: await runProgram(args), ...written };
  } finally {
    streams.forEach((name, index) => (process[name].write = originals[index]!));
  }
}
