/** Prints the methods' declarations as JSON, for parts of the program that must not load TensorFlow. */
import { methods } from './registry'

process.stdout.write(JSON.stringify(methods.map(({ declaration }) => declaration)))
