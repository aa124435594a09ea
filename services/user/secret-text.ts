import { z } from 'zod'

/** Text that nothing shows by accident: logs, fingerprints and JSON see `[secret]`. */
export class SecretText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toJSON(): string {
    return '[secret]'
  }
}

/** A password as it is sent. The rules for a good one are the domain's; this bounds the work. */
export const PasswordInput = z
  .string()
  .min(1)
  .max(1024)
  .meta({ format: 'password', examples: ['correct horse battery'] })
  .transform((text) => new SecretText(text))
