/** A failure that the command line reports as one message, with the exit code that belongs to its kind. */
class StackFailure extends Error {
  readonly exitCode: number;
  constructor(name: string, exitCode: number, message: string) {
    super(message);
    this.name = name;
    this.exitCode = exitCode;
  }
}

/** What the user gave cannot be used; the message names the field, its value and what to do. */
export class InvalidInput extends StackFailure {
  constructor(message: string) {
    super('InvalidInput', 2, message);
  }
}

/** The thing asked for does not exist. */
export class NotFound extends StackFailure {
  constructor(message: string) {
    super('NotFound', 3, message);
  }
}

/** Somebody else has what is asked for. */
export class Conflict extends StackFailure {
  constructor(message: string) {
    super('Conflict', 4, message);
  }
}

/** No stack runs in the home. */
export class NoStack extends StackFailure {
  constructor(message: string) {
    super('NoStack', 5, message);
  }
}
