/** Prints what the methods say of themselves, as JSON, for rooms that must not load TensorFlow. */
import { methods } from './registry'

process.stdout.write(JSON.stringify(methods.map(({ declaration }) => declaration)))
