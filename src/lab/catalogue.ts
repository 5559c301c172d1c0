/**
 * Reads the methods' declarations. They are written to a file when the program is bundled, because importing the
 * methods themselves loads TensorFlow.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import type { MethodDeclaration } from '../contract/method'

/** @param programs the folder of the bundled programs */
export async function readMethods(programs: string): Promise<readonly MethodDeclaration[]> {
  const text = await fs.readFile(join(programs, 'methods.json'), 'utf8')
  return JSON.parse(text) as MethodDeclaration[]
}
