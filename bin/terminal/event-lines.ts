/** One event of a stream as it came over the wire. */
export interface StreamedEvent {
  /** The stream's name for it; "message" unless it says otherwise. */
  readonly name: string;
  /** The id to resume after; `null` while the stream has given none. */
  readonly id: string | null;
  /** `null` for a sign of life, which has none. */
  readonly data: string | null;
}

/** Reads server-sent events (WHATWG HTML, section 9.2.6) from the bytes of an answer. What is not whole when they end is dropped. */
export async function* readEventLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let id: string | null = null;
  let name = 'message';
  let data: string[] = [];
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      if (line === '') {
        yield { name, id, data: data.length === 0 ? null : data.join('\n') };
        name = 'message';
        data = [];
        continue;
      }
      const [field, value] = fieldOf(line);
      if (field === 'id') id = value;
      else if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
    }
  }
}

/** A line without a colon is a field without a value; one that begins with a colon is a comment. */
function fieldOf(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
