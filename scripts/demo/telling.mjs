const startedAt = performance.now();

/** One line for whoever watches, with the time since the start. */
export function tell(line = '') {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  process.stdout.write(line === '' ? '\n' : `${seconds} s  ${line}\n`);
}

export function chapter(title) {
  process.stdout.write(`\n━━ ${title}\n`);
}
