import { tell } from './telling.mjs';

const VICTIMS = ['venue', 'trading'];

/** `kill -9` of the venue worker and the trading worker. */
export function killWorkers({ processes }) {
  return VICTIMS.map((name) => {
    const { pid } = processes.find((each) => each.name === name);
    process.kill(pid, 'SIGKILL');
    tell(`kill -9 ${pid}: the ${name} worker is dead`);
    return { name, pid };
  });
}

/** Tells which of the killed processes are back; answers those that are not yet. */
export function tellReturns({ processes }, victims) {
  return victims.filter(({ name, pid }) => {
    const now = processes.find((each) => each.name === name);
    const back = now.ready && now.pid !== pid;
    if (back) tell(`the ${name} worker is back as process ${now.pid} (restart ${now.restarts})`);
    return !back;
  });
}
