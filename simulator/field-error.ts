/** What an operator asked for and cannot have: which field is wrong, with what value, and what it may be. */
export class FieldError extends Error {
  readonly field: string;
  readonly value: unknown;
  constructor(field: string, value: unknown, advice: string) {
    super(`${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
    this.name = 'FieldError';
    this.field = field;
    this.value = value;
  }
}
