/** annotations.json: what the user writes on a run, apart from what the trainer writes. */
import { annotationsSchema, type Annotations } from '../contract/record'
import { writeJson } from '../files/atomic'
import { readJson } from './json-file'
import { annotationsPath } from './run-folder'

/** The defaults where nothing was written. Throws `run-file-broken` and `run-file-misfit`. */
export async function readAnnotations(folder: string): Promise<Annotations> {
  return (await readJson(annotationsPath(folder), annotationsSchema)) ?? annotationsSchema.parse({})
}

/** Changes what is given and keeps the rest. */
export async function annotate(folder: string, changes: Partial<Annotations>): Promise<Annotations> {
  const annotations = annotationsSchema.parse({ ...(await readAnnotations(folder)), ...changes })
  await writeJson(annotationsPath(folder), annotations)
  return annotations
}
