/**
 * Reads records of earlier versions. In schema 1 a class was its position in the dataset; run.json held the names
 * beside. In schema 2 a class is its name.
 */
import { namedByPosition } from './classes'
import { isRecord, memberOf } from './schema'

/** The schema of run.json and of a checkpoint's facts that this version writes, and the newest that it reads. */
export const recordSchema = 2

/** The schema of a record that a newer version wrote; null for any other value. */
export function newerSchema(record: unknown): number | null {
  const found = memberOf(record, 'schema')
  return typeof found === 'number' && found > recordSchema ? found : null
}

/** Datasets that come with the lab: their classes are named by their positions. */
const numbered = ['mnist', 'usps']

const roles = ['source', 'target'] as const

/** The names that stood beside the positions, by domain, in the domain's order. */
export type Names = Readonly<Partial<Record<(typeof roles)[number], readonly string[]>>>

/** The names in a run.json of schema 1. */
function namesBeside(record: unknown): Names {
  const names = memberOf(record, 'classNames')
  return isRecord(names) ? names : {}
}

/** The names in a run.json of any schema. */
export function namesInRecord(record: unknown): Names {
  const experiment = memberOf(recordByName(record), 'experiment')
  const names = roles.map((role) => [role, memberOf(memberOf(experiment, role), 'classes')])
  return Object.fromEntries(names) as Names
}

function nameOf(position: unknown, name: string | undefined, dataset: unknown): unknown {
  if (typeof position !== 'number') return position
  if (name !== undefined) return name
  return numbered.includes(String(dataset)) ? String(position) : namedByPosition(position)
}

function classesByName(domain: unknown, names: readonly string[] | undefined): unknown {
  if (!isRecord(domain) || !Array.isArray(domain['classes'])) return domain
  const { dataset, classes } = domain as { dataset: unknown; classes: unknown[] }
  return { ...domain, classes: classes.map((one, index) => nameOf(one, names?.[index], dataset)) }
}

/** An experiment of schema 1 with its classes by name. */
export function experimentByName(experiment: unknown, names: Names): unknown {
  if (!isRecord(experiment)) return experiment
  const domains = roles.map((role) => [role, classesByName(experiment[role], names[role])])
  return { ...experiment, ...(Object.fromEntries(domains) as object) }
}

/** The class of each labelled image; its position in the dataset is one of those in `experiment.target.classes`. */
function labelledByName(labelled: unknown, before: unknown, after: unknown): unknown {
  const [positions, names] = [before, after].map((experiment) => {
    const target = isRecord(experiment) ? experiment['target'] : undefined
    return isRecord(target) && Array.isArray(target['classes']) ? (target['classes'] as unknown[]) : []
  })
  if (!Array.isArray(labelled)) return labelled
  return (labelled as unknown[]).map((one) =>
    isRecord(one) ? { ...one, class: names?.[positions?.indexOf(one['class']) ?? -1] ?? one['class'] } : one,
  )
}

/** The content of a run.json of any schema, as of schema 2; other values are returned unchanged. */
export function recordByName(record: unknown): unknown {
  if (!isRecord(record) || record['schema'] !== 1) return record
  const { classNames: _, ...rest } = record
  const experiment = experimentByName(rest['experiment'], namesBeside(record))
  const labelledTarget = labelledByName(rest['labelledTarget'], rest['experiment'], experiment)
  return {
    ...rest,
    schema: recordSchema,
    experiment,
    ...(labelledTarget === undefined ? {} : { labelledTarget }),
  }
}

/** The content of a series.json of any schema, as of schema 2. It never held names. */
export function seriesByName(series: unknown): unknown {
  if (!isRecord(series) || series['schema'] !== 1 || !Array.isArray(series['items'])) return series
  const items = (series['items'] as unknown[]).map((item) =>
    isRecord(item) ? { ...item, experiment: experimentByName(item['experiment'], {}) } : item,
  )
  return { ...series, schema: recordSchema, items }
}

/** The facts of a checkpoint of any schema, as of schema 2. `names`: those of the run that it belongs to. */
export function factsByName(facts: unknown, names: Names): unknown {
  if (!isRecord(facts) || facts['schema'] !== 1) return facts
  return { ...facts, schema: recordSchema, experiment: experimentByName(facts['experiment'], names) }
}
