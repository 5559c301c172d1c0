/** How set-up speaks: one line a step on stderr, so that stdout stays free for what was asked. */
import { sentence } from './words.mjs'

/** A part that cannot be had: which, why and what to do, in one line. */
export class MissingPart extends Error {
  /**
   * @param {import('./words.mjs').Word} key
   * @param {Record<string, string | number>} values
   */
  constructor(key, values = {}) {
    super(sentence(key, values))
    this.key = key
  }
}

/**
 * @param {import('./words.mjs').Word} key
 * @param {Record<string, string | number>} values
 */
export function say(key, values = {}) {
  process.stderr.write(`${sentence(key, values)}\n`)
}

/**
 * Names a step before it starts and says how long it took. A step that was done before is not begun, so silent.
 * @template T
 * @param {import('./words.mjs').Word} key
 * @param {Record<string, string | number>} values
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(key, values, work) {
  const name = sentence(key, values)
  const begun = process.hrtime.bigint()
  say('step-begins', { step: name })
  const result = await work()
  say('step-ends', { step: name, seconds: (Number(process.hrtime.bigint() - begun) / 1e9).toFixed(1) })
  return result
}

/**
 * Runs a program's main function, whose answer is the exit code. A MissingPart ends it with its line and code 2.
 * @param {() => Promise<number | void>} main
 */
export async function runProgram(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}
