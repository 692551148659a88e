/** Edits (insert, delete, replace one character) that turn `a` into `b`; Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The known word that `given` most likely meant, or `null` when none is near. Case and punctuation count for little. */
export function closestMatch(given: string, known: readonly string[]): string | null {
  const wanted = letters(given.slice(0, 64));
  let best: { word: string; distance: number } | null = null;
  for (const word of known) {
    const distance = editDistance(wanted, letters(word));
    if (distance <= Math.max(1, Math.floor(word.length / 3)) && (best === null || distance < best.distance)) {
      best = { word, distance };
    }
  }
  return best?.word ?? null;
}

/** "Did you mean …? Known: …" for an unknown word, at most ten known ones named. */
export function suggestion(given: string, known: readonly string[]): string {
  const match = closestMatch(given, known);
  const listed = known.slice(0, 10).join(', ') + (known.length > 10 ? ', …' : '');
  return `${match === null ? '' : `did you mean "${match}"? `}known: ${listed || 'none'}`;
}
