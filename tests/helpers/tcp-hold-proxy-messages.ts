/**
 * Cuts what a PostgreSQL client sends into whole messages. The first message of a connection has no type byte, the others are a type
 * byte and a length that counts itself.
 * @see https://www.postgresql.org/docs/17/protocol-message-formats.html
 */
export class FrontendMessages {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  /** The messages that are complete with these bytes, as they came. */
  take(bytes: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const typeBytes = this.#started ? 1 : 0;
      if (this.#rest.length < typeBytes + 4) return messages;
      const length = typeBytes + this.#rest.readInt32BE(typeBytes);
      if (this.#rest.length < length) return messages;
      messages.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
      this.#started = true;
    }
  }
}

/** The SQL text of a simple query or of a statement that is being parsed; `null` for every other message. */
export function statementOf(message: Buffer): string | null {
  const type = String.fromCharCode(message[0] ?? 0);
  const payload = message.subarray(5);
  if (type === 'Q') return textUpToZero(payload);
  // The name of the statement comes first.
  return type === 'P' ? textUpToZero(payload.subarray(payload.indexOf(0) + 1)) : null;
}

/** Whether these whole answers of a server end with "ready for query": everything that was asked is done. */
export function saysReady(answers: Buffer): boolean {
  let at = 0;
  let type = 0;
  while (at + 5 <= answers.length) {
    type = answers[at] ?? 0;
    at += 1 + answers.readInt32BE(at + 1);
  }
  return at === answers.length && type === 'Z'.charCodeAt(0);
}

function textUpToZero(bytes: Buffer): string {
  return bytes.subarray(0, bytes.indexOf(0)).toString('utf8');
}
