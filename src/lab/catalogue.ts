/** What the methods say of themselves. Written down when the program is bundled: reading them loads TensorFlow. */
import { promises as fs } from 'fs'
import { join } from 'path'
import type { MethodDeclaration } from '../contract/method'

/** @param programs the folder of the bundled programs */
export async function readMethods(programs: string): Promise<readonly MethodDeclaration[]> {
  const text = await fs.readFile(join(programs, 'methods.json'), 'utf8')
  return JSON.parse(text) as MethodDeclaration[]
}
