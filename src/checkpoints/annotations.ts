/** annotations.json: what the user adds to a run. The trainer never writes this file. */
import { annotationsSchema, type Annotations } from '../contract/record'
import { writeJson } from '../files/atomic'
import { readJson } from './json-file'
import { annotationsPath } from './run-folder'

/** Returns the defaults if there is no file. Throws `run-file-broken` and `run-file-misfit`. */
export async function readAnnotations(folder: string): Promise<Annotations> {
  return (await readJson(annotationsPath(folder), annotationsSchema)) ?? annotationsSchema.parse({})
}

/** Changes the given fields and keeps the others. */
export async function annotate(folder: string, changes: Partial<Annotations>): Promise<Annotations> {
  const annotations = annotationsSchema.parse({ ...(await readAnnotations(folder)), ...changes })
  await writeJson(annotationsPath(folder), annotations)
  return annotations
}
